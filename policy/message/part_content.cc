#include "policy/message/part_content.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

#include "policy/base/text.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 996;  // RFC 5322 s.2.1.1, whole groups
constexpr std::uint8_t kForeign = 0x80;

constexpr std::array<std::uint8_t, 256> Values() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] =
        static_cast<std::uint8_t>(i);
  return values;
}

// Whole groups without padding into out; false: something foreign is there.
bool DecodeGroups(std::string_view groups, char* out) {
  static constexpr auto kValues = Values();
  std::uint32_t foreign = 0;
  for (std::size_t i = 0; i + 4 <= groups.size(); i += 4) {
    const auto value = [&](std::size_t at) -> std::uint32_t {
      return kValues[static_cast<unsigned char>(groups[i + at])];
    };
    const std::uint32_t a = value(0), b = value(1), c = value(2), d = value(3);
    foreign |= a | b | c | d;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  return (foreign & kForeign) == 0;
}

// A line of whole groups; padding may end it. Nullopt: it is not one.
std::optional<std::size_t> DecodeLine(std::string_view line,
                                      std::array<char, kMaxLine>* out) {
  if (line.size() % 4 != 0 || line.size() > kMaxLine) return std::nullopt;
  std::size_t padding = 0;
  std::array<char, 4> last{};
  if (line.ends_with("=")) padding = line.ends_with("==") ? 2 : 1;
  const std::string_view whole =
      padding == 0 ? line : line.substr(0, line.size() - 4);
  if (!DecodeGroups(whole, out->data())) return std::nullopt;
  std::size_t size = whole.size() / 4 * 3;
  if (padding == 0) return size;
  std::memcpy(last.data(), line.data() + whole.size(), 4);
  std::fill(last.end() - static_cast<std::ptrdiff_t>(padding), last.end(), 'A');
  if (!DecodeGroups({last.data(), 4}, out->data() + size)) return std::nullopt;
  return size + 3 - padding;
}

}  // namespace

PartContent::PartContent(std::string_view raw, std::string_view encoding)
    : raw_(raw), encoding_(encoding), size_(raw.size()) {
  if (encoding_ == "base64") {
    while (!raw_.empty() && Trim(raw_.substr(raw_.size() - 1)).empty())
      raw_.remove_suffix(1);
    if (!TakeLines()) TakeWhole();
  } else if (encoding_ == "quoted-printable") {
    TakeWhole();
  }
}

bool PartContent::TakeLines() {
  line_ = raw_.find_first_of("\r\n");
  if (line_ == raw_.npos) line_ = raw_.size();
  if (line_ == 0 || line_ % 4 != 0 || line_ > kMaxLine) return false;
  stride_ = line_ + (raw_.substr(line_, 2) == "\r\n" ? 2 : 1);
  std::size_t at = line_;
  for (; at < raw_.size(); at += stride_) {
    const std::size_t end = at + stride_ - line_ - 1;
    if (end >= raw_.size() || raw_[end] != '\n') return false;
  }
  const std::string_view last = raw_.substr(at - line_);
  if (last.size() % 4 != 0) return false;
  const std::size_t padding =
      last.ends_with("==") ? 2U : (last.ends_with("=") ? 1U : 0U);
  size_ =
      (at - line_) / stride_ * (line_ / 4 * 3) + last.size() / 4 * 3 - padding;
  form_ = Form::kLines;
  return true;
}

void PartContent::TakeWhole() {
  whole_ = DecodeTransfer(raw_, encoding_, kMaxWholeBytes + 1);
  is_cut_ = whole_.size() > kMaxWholeBytes;
  if (is_cut_) whole_.resize(kMaxWholeBytes);
  size_ = whole_.size();
  form_ = Form::kWhole;
}

std::string_view PartContent::EncodedLine(std::size_t line) const {
  return raw_.substr(line * stride_, line_);
}

std::size_t PartContent::Read(std::size_t offset, std::span<char> out) {
  if (offset >= size_) return 0;
  const std::size_t count = std::min(out.size(), size_ - offset);
  if (form_ != Form::kLines) {
    const std::string_view octets =
        form_ == Form::kPlain ? raw_ : std::string_view(whole_);
    std::memcpy(out.data(), octets.data() + offset, count);
    return count;
  }
  const std::size_t in_line = line_ / 4 * 3;
  std::size_t done = 0;
  std::array<char, kMaxLine> decoded;
  while (done < count) {
    const std::size_t at = offset + done;
    const std::string_view line = EncodedLine(at / in_line);
    const bool is_last = (at / in_line + 1) * stride_ >= raw_.size();
    const std::optional<std::size_t> size = DecodeLine(line, &decoded);
    if (!size || (!is_last && *size != in_line)) {
      TakeWhole();
      return Read(offset, out);
    }
    const std::size_t skip = at % in_line;
    const std::size_t take = std::min(*size - skip, count - done);
    std::memcpy(out.data() + done, decoded.data() + skip, take);
    done += take;
  }
  return done;
}

std::string PartContent::Slice(std::size_t offset, std::size_t count) {
  if (offset >= size_) return {};
  std::string octets(std::min(count, size_ - offset), '\0');
  octets.resize(Read(offset, octets));
  return octets;
}

}  // namespace postern

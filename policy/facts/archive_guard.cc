#include "policy/facts/archive_guard.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {
namespace {

constexpr std::size_t kZipEnd = 22;         // without a comment
constexpr std::size_t kZipSearch = 16'384;  // as far as libarchive looks
constexpr std::size_t kMaxZipDirectory = 1024 * 1024;
constexpr std::size_t kMaxSevenZipHeader = 64 * 1024;

std::uint64_t Little(std::string_view octets, std::size_t at,
                     std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count && at + i < octets.size(); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(octets[at + i])}
             << (8 * i);
  return value;
}

// The numbers of a 7z header.
class Numbers {
 public:
  explicit Numbers(std::string_view octets) : octets_(octets) {}

  // 7zFormat.txt, "UINT64": the first octet's leading ones say how many follow.
  std::optional<std::uint64_t> Next() {
    const auto first = Octet();
    if (!first) return std::nullopt;
    std::uint64_t value = 0;
    unsigned mask = 0x80;
    for (unsigned i = 0; i < 8; ++i, mask >>= 1) {
      if ((*first & mask) == 0)
        return value | std::uint64_t{*first & (mask - 1)} << (8 * i);
      const auto octet = Octet();
      if (!octet) return std::nullopt;
      value |= std::uint64_t{*octet} << (8 * i);
    }
    return value;
  }
  std::optional<unsigned> Octet() {
    if (at_ >= octets_.size()) return std::nullopt;
    return static_cast<unsigned char>(octets_[at_++]);
  }
  bool Skip(std::uint64_t count) {
    if (count > octets_.size() - at_) return false;
    at_ += static_cast<std::size_t>(count);
    return true;
  }
  // Skips to behind the next octet of this value.
  bool SkipBehind(char octet) {
    const std::size_t found = octets_.find(octet, at_);
    if (found == octets_.npos) return false;
    at_ = found + 1;
    return true;
  }

 private:
  std::string_view octets_;
  std::size_t at_ = 0;
};

// One coder of a folder; false: not understood.
bool SkipCoder(Numbers* numbers) {
  const auto flags = numbers->Octet();
  if (!flags || !numbers->Skip(*flags & 0x0f)) return false;
  if ((*flags & 0x10) != 0 && (!numbers->Next() || !numbers->Next()))
    return false;
  if ((*flags & 0x20) == 0) return true;
  const auto size = numbers->Next();
  return size && numbers->Skip(*size);
}

// The unpacked size of an encoded header; nullopt: not understood. One folder
// with one coder, or two where it is encrypted, as the known writers make it.
std::optional<std::uint64_t> UnpackedHeader(std::string_view octets) {
  constexpr char kEncodedHeader = 0x17, kUnpackInfo = 0x07, kUnpackSizes = 0x0c;
  if (!octets.starts_with(kEncodedHeader)) return octets.size();
  Numbers numbers(octets.substr(1));
  if (!numbers.SkipBehind(kUnpackInfo) || numbers.Octet() != 0x0bU ||
      numbers.Octet() != 1U || numbers.Octet() != 0U)
    return std::nullopt;
  const auto coders = numbers.Octet();
  if (!coders || *coders == 0 || *coders > 2) return std::nullopt;
  for (unsigned i = 0; i < *coders; ++i)
    if (!SkipCoder(&numbers)) return std::nullopt;
  if (*coders == 2 && (!numbers.Next() || !numbers.Next())) return std::nullopt;
  if (numbers.Octet() != unsigned{kUnpackSizes}) return std::nullopt;
  std::uint64_t most = 0;
  for (unsigned i = 0; i < *coders; ++i) {
    const auto size = numbers.Next();
    if (!size) return std::nullopt;
    most = std::max(most, *size);
  }
  return most;
}

}  // namespace

DirectoryView ViewZip(PartContent* content) {
  const std::size_t size = content->size();
  std::size_t begin = size < kZipEnd ? 0 : size - kZipEnd;
  std::string tail = content->Slice(begin, kZipEnd);
  std::size_t end = tail.starts_with("PK\x05\x06") ? 0 : tail.npos;
  if (end == tail.npos) {  // a comment may follow
    begin = size < kZipSearch ? 0 : size - kZipSearch;
    tail = content->Slice(begin, kZipSearch);
    end = tail.rfind("PK\x05\x06");
  }
  if (end == tail.npos) return {};
  const auto members = static_cast<std::size_t>(Little(tail, end + 10, 2));
  const auto place = static_cast<std::size_t>(Little(tail, end + 16, 4));
  // ZIP64 (s.4.3.14) is for what no mail carries.
  if (place == 0xffffffff || members == 0xffff)
    return {Directory::kTooLarge, members};
  const std::size_t at = begin + end;
  const bool is_too_large = place < at && at - place > kMaxZipDirectory;
  return {is_too_large ? Directory::kTooLarge : Directory::kReadable, members};
}

DirectoryView ViewSevenZip(PartContent* content) {
  constexpr std::size_t kSignatureHeader = 32;
  const std::string front = content->Slice(0, kSignatureHeader);
  if (front.size() < kSignatureHeader) return {};
  const std::uint64_t offset = Little(front, 12, 8);
  const std::uint64_t size = Little(front, 20, 8);
  if (size > kMaxSevenZipHeader) return {Directory::kTooLarge, 0};
  if (offset > content->size()) return {};
  const std::string header =
      content->Slice(kSignatureHeader + static_cast<std::size_t>(offset),
                     static_cast<std::size_t>(size));
  const auto unpacked = UnpackedHeader(header);
  if (!unpacked || *unpacked > kMaxSevenZipHeader)
    return {Directory::kTooLarge, 0};
  return {Directory::kReadable, 0};
}

}  // namespace postern

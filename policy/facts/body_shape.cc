#include "policy/facts/body_shape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <utility>

namespace postern {
namespace {

constexpr std::size_t kBlock = 16;

// What stands where in a block: a bit an octet, the first one lowest.
struct Marks {
  unsigned lf = 0, cr = 0, nul = 0, eight_bit = 0;
};

Marks MarksOf(std::string_view octets) {
  Marks marks;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const unsigned bit = 1u << i;
    if (octets[i] == '\n') marks.lf |= bit;
    if (octets[i] == '\r') marks.cr |= bit;
    if (octets[i] == '\0') marks.nul |= bit;
    if (static_cast<unsigned char>(octets[i]) >= 0x80) marks.eight_bit |= bit;
  }
  return marks;
}

// A whole block.
Marks MarksAt(const char* p) {
#ifdef __SSE2__
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const auto equal = [&](char c) {
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(octets, _mm_set1_epi8(c))));
  };
  return {.lf = equal('\n'),
          .cr = equal('\r'),
          .nul = equal('\0'),
          .eight_bit = static_cast<unsigned>(_mm_movemask_epi8(octets))};
#else
  return MarksOf({p, kBlock});
#endif
}

// Reads block after block; a line or a CRLF may lie across two.
class ShapeReader {
 public:
  void Read(const Marks& marks, std::size_t octets) {
    shape_.has_eight_bit |= marks.eight_bit != 0;
    shape_.has_nul |= marks.nul != 0;
    const unsigned after_cr = marks.cr << 1 | (ends_in_cr_ ? 1u : 0u);
    const unsigned whole = (1u << octets) - 1;
    shape_.has_bare_lf |= (marks.lf & ~after_cr) != 0;
    shape_.has_bare_cr |= (after_cr & whole & ~marks.lf) != 0;
    ends_in_cr_ = (marks.cr >> (octets - 1) & 1u) != 0;
    for (unsigned left = marks.lf; left != 0; left &= left - 1) {
      const int place = std::countr_zero(left);
      EndLine(read_ + static_cast<std::size_t>(place),
              (after_cr >> place & 1u) != 0);
    }
    read_ += octets;
  }
  void ReadAll(std::string_view octets) {
    for (; octets.size() >= kBlock; octets.remove_prefix(kBlock))
      Read(MarksAt(octets.data()), kBlock);
    if (!octets.empty()) Read(MarksOf(octets), octets.size());
  }
  // It begins and ends with a line.
  void Skip(const Base64Run& run) {
    shape_.longest_line = std::max(shape_.longest_line, run.stride - 2);
    shape_.has_bare_cr |= ends_in_cr_;
    ends_in_cr_ = false;
    read_ = line_ = run.end;
  }
  [[nodiscard]] BodyShape Finish() {
    shape_.has_bare_cr |= ends_in_cr_;
    if (read_ > line_) EndLine(read_, false);
    return shape_;
  }

 private:
  void EndLine(std::size_t end, bool has_cr) {
    const std::size_t length = end - line_ - (has_cr ? 1 : 0);
    shape_.longest_line = std::max(shape_.longest_line, length);
    line_ = end + 1;
  }

  BodyShape shape_;
  std::size_t read_ = 0, line_ = 0;
  bool ends_in_cr_ = false;
};

}  // namespace

BodyShape ShapeOf(std::string_view body) {
  ShapeReader reader;
  Base64Runs runs = FindBase64Runs(body);
  std::size_t at = 0;
  for (const Base64Run& run : runs) {
    reader.ReadAll(body.substr(at, run.begin - at));
    reader.Skip(run);
    at = run.end;
  }
  reader.ReadAll(body.substr(at));
  BodyShape shape = reader.Finish();
  shape.base64 = std::move(runs);
  return shape;
}

std::int64_t WireBytes(const Header& header, const Body& body) {
  std::size_t total = body.size() + 2;
  for (const HeaderField& field : header.fields()) {
    const auto folds = std::count(field.value.begin(), field.value.end(), '\n');
    total += field.name.size() + 1 + field.value.size() + 2 +
             static_cast<std::size_t>(folds);
  }
  return static_cast<std::int64_t>(total);
}

}  // namespace postern

#include "policy/facts/body_shape.h"

#include <algorithm>
#include <cstring>

namespace postern {
namespace {

// Eight octets at a time: true when any has its high bit set.
bool HasEightBit(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & kHighBits) != 0) return true;
  }
  for (; i < text.size(); ++i)
    if (static_cast<unsigned char>(text[i]) >= 0x80) return true;
  return false;
}

// A line without its LF.
void ReadLine(std::string_view line, bool has_lf, BodyShape* shape) {
  const bool ends_in_cr = line.ends_with('\r');
  if (ends_in_cr && has_lf) line.remove_suffix(1);
  if (has_lf && !ends_in_cr) shape->has_bare_lf = true;
  if (line.find('\r') != std::string_view::npos) shape->has_bare_cr = true;
  shape->longest_line = std::max(shape->longest_line, line.size());
}

}  // namespace

BodyShape ShapeOf(std::string_view body) {
  BodyShape shape;
  shape.has_eight_bit = HasEightBit(body);
  shape.has_nul = body.find('\0') != std::string_view::npos;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const bool has_lf = end != std::string_view::npos;
    ReadLine(body.substr(0, end), has_lf, &shape);
    body.remove_prefix(has_lf ? end + 1 : body.size());
  }
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

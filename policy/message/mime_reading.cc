#include "policy/message/mime_reading.h"

#include <algorithm>
#include <iterator>

namespace postern {
namespace {

// So many lines stay at each end: a reader that takes some as something else
// than content has done so by then.
constexpr std::size_t kKeptLines = 4;

}  // namespace

MimeReading::MimeReading(std::string_view fields, std::string_view body,
                         std::span<const Base64Run> runs) {
  Add(0, fields);
  std::size_t place = 0;
  for (const Base64Run& run : runs) {
    const std::size_t kept = kKeptLines * run.stride;
    if (run.end - run.begin <= 2 * kept) continue;
    Add(place, body.substr(place, run.begin + kept - place));
    place = run.end - kept;
  }
  Add(place, body.substr(place));
}

void MimeReading::Add(std::size_t place, std::string_view octets) {
  pieces_.push_back({.at = size_, .place = place, .octets = octets});
  size_ += octets.size();
}

const MimeReading::Piece& MimeReading::PieceAt(std::size_t at) const {
  return *std::prev(std::ranges::upper_bound(pieces_, at, {}, &Piece::at));
}

std::string_view MimeReading::From(std::size_t at) const {
  if (at >= size_) return {};
  const Piece& piece = PieceAt(at);
  return piece.octets.substr(at - piece.at);
}

std::optional<std::size_t> MimeReading::PlaceInBody(std::size_t at) const {
  const Piece& piece = PieceAt(at);
  if (at > size_ || &piece == &pieces_.front()) return std::nullopt;
  return piece.place + (at - piece.at);
}

}  // namespace postern

// A re-encoded message has the same leaves, each fit for transport.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/base/text.h"
#include "policy/message/message.h"
#include "policy/message/mime.h"
#include "policy/message/reencode.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kAllBytes = 1'000'000'000;

std::string LeafOf(const Body& body, const MimePart& part) {
  return DecodeTransfer(body.bytes().substr(part.begin, part.end - part.begin),
                        part.encoding, kAllBytes);
}

bool IsFit(std::string_view raw) {
  for (std::string_view line : Split(raw, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > 998 || line.find('\r') != line.npos) return false;
    for (const char c : line)
      if (c == '\0' || static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

void TestOne(std::string_view octets) {
  ParsedOctets parsed = ParseOctets(octets);
  Message message;
  message.header = parsed.header;
  message.body = parsed.body;
  const MimeStructure before = ReadMime(message.header, message.body);
  const auto mended = ReencodeForTransport(message, before);
  if (!mended) return;
  const MimeStructure after = ReadMime(mended->header, mended->body);
  if (after.parts.size() != before.parts.size()) std::abort();
  for (std::size_t i = 0; i < after.parts.size(); ++i) {
    const MimePart& part = after.parts[i];
    if (!IsFit(mended->body.bytes().substr(part.begin, part.end - part.begin)))
      std::abort();
    // A body may have gained its last line end.
    const std::string old_leaf = ToCrlf(LeafOf(message.body, before.parts[i]));
    const std::string new_leaf = ToCrlf(LeafOf(mended->body, part));
    if (new_leaf != old_leaf && new_leaf != old_leaf + "\r\n") std::abort();
  }
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

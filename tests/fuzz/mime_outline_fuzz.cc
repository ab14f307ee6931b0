// The outline keeps its limits: containers before their parts, no level left
// out; base64 is scanned to its end.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/base64_scan.h"
#include "policy/message/message.h"
#include "policy/message/mime_outline.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  const ParsedOctets parsed = ParseOctets(octets);
  const MimeOutline outline = ReadOutline(parsed.header, parsed.body.bytes());
  if (outline.parts.size() > MimeOutline::kMaxParts) std::abort();
  if (outline.parts.empty()) std::abort();
  if (outline.parts.front().depth != 0) std::abort();
  std::size_t last = 0;
  for (const OutlinePart& part : outline.parts) {
    if (part.depth > last + 1) std::abort();
    if (part.is_closed && !part.is_container) std::abort();
    last = part.depth;
  }
  const Base64Scan scan = ScanBase64(parsed.body.bytes());
  if (scan.is_cut && scan.has_more) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

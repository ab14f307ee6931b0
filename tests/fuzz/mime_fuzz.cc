// Leaves lie inside of the body, in order, and text is UTF-8; what is read
// without GMime is read as it does.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/charset.h"
#include "policy/message/links.h"
#include "policy/message/message.h"
#include "policy/message/mime.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  const ParsedOctets parsed = ParseOctets(octets);
  const MimeStructure structure = ReadMime(parsed.header, parsed.body);
  if (structure != ReadMimeByGmime(parsed.header, parsed.body,
                                   FindBase64Runs(parsed.body.bytes())))
    std::abort();
  std::size_t last = 0;
  for (const MimePart& part : structure.parts) {
    if (part.begin > part.end || part.end > parsed.body.size()) std::abort();
    if (part.end != 0 && part.begin < last) std::abort();
    if (part.end != 0) last = part.end;
    if (part.text.size() > MimeStructure::kTextBytes || !IsUtf8(part.text))
      std::abort();
  }
  (void)LinksOf(structure);
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

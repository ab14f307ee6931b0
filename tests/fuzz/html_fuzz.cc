// Links of markup, of text, and of the text that a link shows.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/links.h"

namespace postern {
namespace {

void TestOne(std::string_view html) {
  for (const Link& link : LinksOfHtml(html))
    if (link.url.find_first_of("\t\r\n") != link.url.npos) std::abort();
  for (const Link& link : LinksOfText(html))
    if (link.host.empty()) std::abort();
  (void)HostShownByText(html);
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

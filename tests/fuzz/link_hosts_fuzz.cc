// The operator's lists: every line is taken or refused, and the names of what
// was taken are found.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/config/link_hosts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  postern::LinkHosts hosts;
  (void)hosts.Read(text);
  (void)hosts.ClassOf(text.substr(0, 300));
  postern::BrandHosts brands;
  (void)brands.Read(text);
  (void)brands.NamedBy(text.substr(0, 300), "site.example");
  (void)brands.ImitatedBy(text.substr(0, 60));
  return 0;
}

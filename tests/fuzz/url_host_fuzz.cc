// A host is the host of the URL that is made of it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/links.h"

namespace postern {
namespace {

void TestOne(std::string_view url) {
  const UrlHost host = HostOfUrl(url);
  if (host.host.empty()) return;
  const bool is_v6 = host.host.find(':') != host.host.npos;
  const UrlHost again = HostOfUrl(is_v6 ? "http://[" + host.host + "]/"
                                        : "http://" + host.host + "/");
  if (again.host != host.host || again.is_numeric != host.is_numeric)
    std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

// Written octets read back as the same fields and body.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/message.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  // A CR before a fold's CRLF is taken for the fold's own.
  if (octets.find("\r\r") != octets.npos) return;
  const ParsedOctets first = ParseOctets(octets);
  const std::string written = ToOctets(first.header, first.body);
  const ParsedOctets second = ParseOctets(written);
  const auto& a = first.header.fields();
  const auto& b = second.header.fields();
  if (a.size() != b.size()) std::abort();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].name != b[i].name || a[i].Unfolded() != b[i].Unfolded() ||
        a[i].origin != b[i].origin)
      std::abort();
  if (first.body.bytes() != second.body.bytes()) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

// Fuzzes the file of senders: nothing may crash, a fault always says something
// and where, and a pattern in its one form is taken as the same again and
// covers the address that it is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/config/sender_map.h"

namespace postern {
namespace {

void TestPattern(std::string_view text) {
  const std::optional<std::string> pattern = SenderMap::PatternOf(text);
  if (!pattern || pattern->empty()) return;
  if (SenderMap::PatternOf(*pattern) != pattern) std::abort();
  const std::string_view address = FirstAddress(*pattern);
  if (!address.empty() && !Permits(*pattern, address, "+")) std::abort();
}

void TestOne(std::string_view text) {
  const SenderMap::Read read = SenderMap::Parse(text, "senders");
  for (const Fault& fault : read.faults)
    if (fault.text.empty() || fault.where.line == 0) std::abort();
  const std::string_view word = text.substr(0, text.find('\n'));
  TestPattern(word);
  (void)Permits("a@example.org *-*@example.org .example.org", word, "+");
  if (const auto patterns = read.map.OfLogin(word))
    (void)Permits(*patterns, word, "");
  const std::optional<std::string> key = SenderMap::KeyOf(word);
  if (key && SenderMap::KeyOf(*key) != key) std::abort();
  if (const auto client = IpAddress::Parse(word))
    (void)read.map.OfClient(*client);
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

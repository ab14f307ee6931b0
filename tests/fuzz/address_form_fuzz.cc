// A list written anew has the same mailboxes, and is in that form already.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "policy/message/address.h"
#include "policy/message/address_form.h"

namespace postern {
namespace {

std::string_view WithoutDot(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  return domain;
}

bool IsSame(const Mailbox& a, const Mailbox& b) {
  return a.address.local_part == b.address.local_part &&
         WithoutDot(a.address.domain) == WithoutDot(b.address.domain);
}

void TestOne(std::string_view text, const LocalPartHome& home) {
  const auto written = WriteAddressList(text, home);
  if (!written) return;
  const AddressList before = ParseAddressList(text);
  const AddressList after = ParseAddressList(*written);
  if (!after.error.empty()) std::abort();
  if (before.error.empty() &&
      !std::equal(before.mailboxes.begin(), before.mailboxes.end(),
                  after.mailboxes.begin(), after.mailboxes.end(), IsSame))
    std::abort();
  const auto again = WriteAddressList(*written, home);
  if (!again || *again != *written) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  static const std::vector<postern::ForwardPath> recipients = {
      {"c@home.example", {}}};
  postern::TestOne(text, {});
  postern::TestOne(text, {recipients, "mx.example"});
  return 0;
}

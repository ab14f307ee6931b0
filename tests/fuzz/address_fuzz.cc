// Addresses that parse parse again to the same; folds unfold to the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/base/text.h"
#include "policy/message/address.h"
#include "policy/message/fold.h"
#include "policy/message/header.h"

namespace postern {
namespace {

void TestOne(std::string_view text) {
  const AddressList list = ParseAddressList(text);
  for (const Mailbox& mailbox : list.mailboxes) {
    const std::string address = mailbox.address.ToString();
    const AddressList again = ParseAddressList(address);
    if (!again.error.empty() || again.mailboxes.size() != 1 ||
        again.mailboxes[0].address.ToString() != address)
      std::abort();
  }
  const bool has_path = ParsePath(text).has_value();
  if (PathFault(text).empty() && !has_path) std::abort();
  (void)DomainOf(text);
  if (text.find_first_of("\r\n") != text.npos) return;
  if (const auto folded = FoldValue("To", text))
    if (HeaderField{"To", *folded, 0}.Unfolded() != Trim(text)) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

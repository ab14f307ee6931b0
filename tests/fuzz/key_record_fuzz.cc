// Fuzzes the key record's parser: nothing may crash, and what was read obeys
// its contract.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/signing/key_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const auto record =
      postern::ParseKeyRecord({reinterpret_cast<const char*>(octets), size});
  if (!record) return record.error().message.empty() ? std::abort(), 1 : 0;
  for (const auto& list : {record->hashes, record->services, record->flags})
    for (const std::string& item : list)
      if (item.empty()) std::abort();
  if (record->hashes.empty() && !record->AllowsSha256()) std::abort();
  return 0;
}

// Fuzzes OpenDKIM's tables: the first octet chooses the forms, what stands
// before "\n--\n" is the key table, the rest the signing table. Nothing may
// crash; what was found obeys its contract.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "policy/signing/tables.h"

using namespace std::string_view_literals;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto form = [&](unsigned bit) {
    return (octets[0] & bit) != 0 ? postern::TableForm::kRefile
                                  : postern::TableForm::kFile;
  };
  const std::string text(reinterpret_cast<const char*>(octets) + 1, size - 1);
  const std::size_t cut = std::min(text.find("\n--\n"), text.size());
  const auto keys =
      postern::KeyTable::Parse(text.substr(0, cut), {form(1), "k"});
  if (!keys) return 0;
  for (const postern::TableRow& row : (*keys)->index().rows()) {
    if (!postern::ParseKeyRow(row)) std::abort();
    // A literal name finds itself or an earlier row.
    if (form(1) == postern::TableForm::kFile && !(*keys)->Find(row.name))
      std::abort();
  }
  const auto table = postern::SigningTable::Parse(
      text.substr(std::min(cut + 4, text.size())), {form(2), "s"}, **keys);
  if (!table) return 0;
  for (const auto& [user, host] :
       {std::pair{"user"sv, "a.example.com"sv}, {"a@b@c.d"sv, "x.org"sv}})
    for (const postern::SigningRow& row :
         (*table)->Match(user, *postern::Domain::Parse(host)))
      if (row.key_name.empty()) std::abort();
  return 0;
}

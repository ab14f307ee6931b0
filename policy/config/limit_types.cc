// The types of the options of limits that are counted elsewhere.
#include <array>
#include <utility>

#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

constexpr std::array<std::pair<LimitStoreDown, std::string_view>, 3> kWords = {
    {{LimitStoreDown::kLocal, "local"},
     {LimitStoreDown::kOpen, "open"},
     {LimitStoreDown::kClosed, "closed"}}};

bool TakeStoreDown(const Arrival& arrival) {
  for (const auto& [store_down, word] : kWords) {
    if (word != arrival.text()) continue;
    *std::get<LimitStoreDown*>(arrival.slot) = store_down;
    return true;
  }
  return false;
}
std::vector<std::string> PrintStoreDown(Slot slot) {
  for (const auto& [store_down, word] : kWords)
    if (store_down == *std::get<LimitStoreDown*>(slot))
      return {QuoteToml(word)};
  return {};
}

}  // namespace

constinit const ValueType kLimitStoreDown = {
    "answer",      R"("local", "open" or "closed")",
    Shape::kText,  Plurality::kOne,
    TakeStoreDown, PrintStoreDown};

}  // namespace postern

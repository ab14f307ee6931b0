// Dates that parse are written and read back as the same second.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/date.h"

namespace postern {
namespace {

void TestOne(std::string_view text) {
  const Result<TimePoint> time = ParseDate(text);
  if (!time) {
    if (time.error().message.empty()) std::abort();
    return;
  }
  const std::string written = FormatDate(*time);
  if (written.size() != 31) return;  // a zone made it 1899 or 10000
  const Result<TimePoint> again = ParseDate(written);
  if (again ? *again != *time : written.find("1899") == written.npos)
    std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

// What other filters answer, and List-Unsubscribe: foreign text, read with
// bounds.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/facts/second_opinion.h"
#include "policy/message/list_unsubscribe.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  for (const SecondOpinion& opinion : {ReadRspamd(octets), ReadSpamd(octets)})
    if (opinion.is_known != opinion.fault.empty() ||
        !std::isfinite(opinion.score) || opinion.symbols.size() > 400)
      std::abort();
  Header header;
  header.Receive("List-Unsubscribe", std::string(octets));
  const ListUnsubscribe read = ReadListUnsubscribe(header);
  if (read.https > read.uris.size() ||
      read.uris.size() > ListUnsubscribe::kMostUris)
    std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

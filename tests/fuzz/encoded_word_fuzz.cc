// What is read is UTF-8; what is written is ASCII in words of at most 75
// octets, and reads back as the same text without a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/encoded_word.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  const EncodedText read = ReadEncodedText(octets);
  if (!IsUtf8(read.text)) std::abort();
  const std::string written = WriteEncodedText(read.text);
  if (!IsAscii(written)) std::abort();
  if (written.size() > kMaxEncodedBytes) return;
  const EncodedText again = ReadEncodedText(written);
  if (again.text != read.text || !again.fault.empty()) std::abort();
  for (const std::string_view word : Split(written, ' '))
    if (word.starts_with("=?") && word.ends_with("?=") && word.size() > 75)
      std::abort();
  if (!IsAscii(WriteEncodedPhrase(octets))) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}

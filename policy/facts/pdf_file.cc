#include "policy/facts/pdf_file.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kTail = 3072;
constexpr std::size_t kDictionary = 2048;

// "/Encrypt" as a whole name: "/EncryptMetadata" is another.
bool HasEncrypt(std::string_view text) {
  constexpr std::string_view kName = "/Encrypt";
  for (std::size_t at = text.find(kName); at != text.npos;
       at = text.find(kName, at + 1)) {
    const std::size_t end = at + kName.size();
    if (end < text.size() && !IsAlnum(text[end])) return true;
  }
  return false;
}

}  // namespace

PdfFile ReadPdfFile(PartContent* content) {
  const std::size_t size = content->size();
  const std::size_t begin = size < kTail ? 0 : size - kTail;
  const std::string tail = content->Slice(begin, kTail);
  const std::string_view text = tail;
  const std::size_t mark = text.rfind("startxref");
  if (mark == text.npos) return {};
  // The dictionary of the trailer stands before it.
  const std::size_t trailer = text.rfind("trailer", mark);
  if (trailer != text.npos && HasEncrypt(text.substr(trailer, mark - trailer)))
    return {true};
  const std::string_view number = Trim(text.substr(mark + 9, 24));
  std::size_t place = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), place);
  if (error != std::errc() || place >= size) return {};
  // A cross-reference stream has a dictionary of its own (s.7.5.8).
  const std::string table = content->Slice(place, kDictionary);
  const std::string_view dictionary =
      std::string_view(table).substr(0, std::string_view(table).find("stream"));
  if (table.starts_with("xref")) return {};
  return {HasEncrypt(dictionary)};
}

}  // namespace postern

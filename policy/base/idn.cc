#include "policy/base/idn.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <memory>

namespace postern {
namespace {

// What browsers and the DNS see to themselves (WHATWG URL s.3.3: CheckHyphens
// and VerifyDnsLength are false).
constexpr std::uint32_t kIgnored =
    UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
    UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
    UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

// Immutable: all threads may use it at once. Null: ICU's data is missing.
const icu::IDNA* Uts46() {
  static const std::unique_ptr<const icu::IDNA> kUts46 = [] {
    UErrorCode error = U_ZERO_ERROR;
    constexpr std::uint32_t kOptions = UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                       UIDNA_NONTRANSITIONAL_TO_ASCII |
                                       UIDNA_NONTRANSITIONAL_TO_UNICODE;
    return std::unique_ptr<const icu::IDNA>(
        icu::IDNA::createUTS46Instance(kOptions, error));
  }();
  return kUts46.get();
}

using Convert = void (icu::IDNA::*)(icu::StringPiece, icu::ByteSink&,
                                    icu::IDNAInfo&, UErrorCode&) const;

std::optional<std::string> Converted(std::string_view utf8, Convert convert) {
  if (Uts46() == nullptr) return std::nullopt;
  std::string name;
  icu::StringByteSink<std::string> sink(&name);
  icu::IDNAInfo found;
  UErrorCode error = U_ZERO_ERROR;
  (Uts46()->*convert)(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())),
      sink, found, error);
  if (U_FAILURE(error) || (found.getErrors() & ~kIgnored) != 0)
    return std::nullopt;
  return name;
}

}  // namespace

std::optional<std::string> ToALabels(std::string_view utf8) {
  return Converted(utf8, &icu::IDNA::nameToASCII_UTF8);
}

std::optional<std::string> ToULabels(std::string_view name) {
  return Converted(name, &icu::IDNA::nameToUnicodeUTF8);
}

}  // namespace postern

#include "policy/base/confusable.h"

#include <unicode/uspoof.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "policy/base/call_free.h"
#include "policy/base/idn.h"
#include "policy/base/text.h"

namespace postern {
namespace {

using Checker = std::unique_ptr<USpoofChecker, CallFree<uspoof_close>>;

// Immutable once made: all threads may use it at once. Null: no data.
const USpoofChecker* Uts39() {
  static const Checker kChecker = [] {
    UErrorCode error = U_ZERO_ERROR;
    Checker made(uspoof_open(&error));
    uspoof_setChecks(made.get(), USPOOF_RESTRICTION_LEVEL, &error);
    uspoof_setRestrictionLevel(made.get(), USPOOF_HIGHLY_RESTRICTIVE);
    if (U_FAILURE(error) != 0) made.reset();
    return made;
  }();
  return kChecker.get();
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

// ICU takes the palochka for an "i"; it is drawn as an "l".
std::string WithoutPalochka(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    const bool is_palochka = two == "\xd3\x80" || two == "\xd3\x8f";
    plain += is_palochka ? 'l' : text[i];
    if (is_palochka) ++i;
  }
  return plain;
}

std::string IcuSkeleton(const std::string& text) {
  std::array<char, 1024> skeleton;
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size = uspoof_getSkeletonUTF8(
      Uts39(), 0, text.data(), static_cast<std::int32_t>(text.size()),
      skeleton.data(), static_cast<std::int32_t>(skeleton.size()), &error);
  if (U_FAILURE(error) != 0 ||
      size > static_cast<std::int32_t>(skeleton.size()))
    return text;
  return {skeleton.data(), static_cast<std::size_t>(size)};
}

// What ASCII alone confuses; also of what ICU leaves ("O" for "0").
std::string AsciiSkeleton(std::string_view text) {
  std::string skeleton;
  for (const char c : text) {
    const char lower = ToLower(c);
    if (lower == 'm')
      skeleton += "rn";
    else if (lower == 'w')
      skeleton += "vv";
    else if (lower == '0')
      skeleton += 'o';
    else
      skeleton += lower == '1' || c == 'I' || c == '|' ? 'l' : lower;
  }
  return skeleton;
}

}  // namespace

std::string SkeletonOf(std::string_view label) {
  std::optional<std::string> shown;
  if (label.starts_with("xn--")) shown = ToULabels(label);
  const std::string_view text = shown ? std::string_view(*shown) : label;
  if (IsAscii(text) || Uts39() == nullptr) return AsciiSkeleton(text);
  return AsciiSkeleton(IcuSkeleton(WithoutPalochka(text)));
}

bool MixesScripts(std::string_view ulabels) {
  if (IsAscii(ulabels) || Uts39() == nullptr) return false;
  for (const std::string_view label : Split(ulabels, '.')) {
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t found = uspoof_check2UTF8(
        Uts39(), label.data(), static_cast<std::int32_t>(label.size()), nullptr,
        &error);
    if (U_SUCCESS(error) != 0 && (found & USPOOF_RESTRICTION_LEVEL) != 0)
      return true;
  }
  return false;
}

}  // namespace postern

#include "policy/message/html_style.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/css_text.h"

namespace postern {
namespace {

constexpr float kDefaultFontPx = 16;
constexpr std::size_t kMaxValueBytes = 1000;
constexpr float kLeastFontPx = 3;
constexpr float kFarAwayPx = -500;
constexpr int kSameColor = 4;  // per channel: no eye tells them apart

struct NamedColor {
  std::string_view name;
  std::uint32_t rgb;
};
constexpr NamedColor kColors[] = {
    {"white", 0xffffff},  {"black", 0},          {"red", 0xff0000},
    {"green", 0x008000},  {"blue", 0x0000ff},    {"gray", 0x808080},
    {"grey", 0x808080},   {"silver", 0xc0c0c0},  {"yellow", 0xffff00},
    {"navy", 0x000080},   {"maroon", 0x800000},  {"lime", 0x00ff00},
    {"aqua", 0x00ffff},   {"cyan", 0x00ffff},    {"teal", 0x008080},
    {"olive", 0x808000},  {"purple", 0x800080},  {"fuchsia", 0xff00ff},
    {"orange", 0xffa500}, {"ivory", 0xfffff0},   {"snow", 0xfffafa},
    {"azure", 0xf0ffff},  {"magenta", 0xff00ff}, {"whitesmoke", 0xf5f5f5},
};
constexpr Color kTransparent{0x01000000};

std::optional<Color> HexColor(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size())
    return std::nullopt;
  if (digits.size() == 6) return Color{value};
  if (digits.size() == 8)
    return (value & 0xff) == 0 ? kTransparent : Color{value >> 8};
  if (digits.size() != 3) return std::nullopt;
  return Color{(value >> 8) * 0x110000 + ((value >> 4) & 15) * 0x1100 +
               (value & 15) * 0x11};
}

struct Number {
  float value = 0;
  std::string_view unit;  // as written
};
std::optional<Number> ParseNumber(std::string_view text) {
  const std::size_t size = text.find_first_not_of("+-.0123456789");
  std::string_view digits = text.substr(0, size);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  Number number;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(),
                      number.value, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  number.unit = size == text.npos ? std::string_view() : text.substr(size);
  return number;
}

// "rgb(1, 2, 3)", "rgba(1,2,3,0)".
std::optional<Color> RgbColor(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == text.npos || !StartsWithIgnoreCase(text, "rgb"))
    return std::nullopt;
  std::uint32_t rgb = 0;
  std::string_view rest = text.substr(open + 1);
  for (int part = 0; part < 4; ++part) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" ,/"), rest.size()));
    const std::optional<Number> number = ParseNumber(rest);
    if (!number) return part == 3 ? std::optional(Color{rgb}) : std::nullopt;
    if (part == 3) return number->value < 0.05F ? kTransparent : Color{rgb};
    const float scale = number->unit.starts_with('%') ? 2.55F : 1;
    rgb = rgb * 256 + static_cast<std::uint32_t>(
                          std::clamp(number->value * scale, 0.0F, 255.0F));
    rest.remove_prefix(std::min(rest.find_first_of(" ,/)"), rest.size()));
  }
  return Color{rgb};
}

std::optional<Color> ParseColor(std::string_view text) {
  if (text.starts_with('#')) return HexColor(text.substr(1));
  if (EqualsIgnoreCase(text, "transparent")) return kTransparent;
  for (const NamedColor& color : kColors)
    if (EqualsIgnoreCase(text, color.name)) return Color{color.rgb};
  return RgbColor(text);
}

// Pixels, or parts of the parent's size; nullopt: not understood.
struct Length {
  std::optional<float> px, em;
};
Length ParseLength(std::string_view text) {
  const std::optional<Number> number = ParseNumber(text);
  if (!number) return {};
  const float value = number->value;
  if (value == 0 || number->unit.empty()) return {.px = value};
  if (EqualsIgnoreCase(number->unit, "px")) return {.px = value};
  if (EqualsIgnoreCase(number->unit, "pt")) return {.px = value * 4 / 3};
  if (EqualsIgnoreCase(number->unit, "em")) return {.em = value};
  if (EqualsIgnoreCase(number->unit, "rem"))
    return {.px = value * kDefaultFontPx};
  if (number->unit == "%") return {.em = value / 100};
  return {};
}

void SetFontSize(std::string_view value, Style* style) {
  const Length length = ParseLength(value);
  style->font_px = length.px;
  style->font_em = length.em;
  if (!length.px && !length.em) style->font_px = kDefaultFontPx;
}

// "italic 700 14px/20px Arial": the size is the first length with a unit.
void SetFont(std::string_view value, Style* style) {
  for (std::string_view word : Split(value, ' ')) {
    word = word.substr(0, word.find('/'));
    const std::optional<Number> number = ParseNumber(word);
    if (!number || (number->unit.empty() && number->value >= 100)) continue;
    return SetFontSize(word, style);
  }
}

void SetBackground(std::string_view value, Style* style) {
  if (const std::optional<Color> whole = ParseColor(value)) {
    if (*whole != kTransparent) style->background = whole;
    return;
  }
  style->background = Color{};
  if (Contains(value, "(")) return;  // a picture, a gradient
  for (const std::string_view word : Split(value, ' '))
    if (const std::optional<Color> color = ParseColor(word))
      style->background = color;
  if (EqualsIgnoreCase(value, "none") || EqualsIgnoreCase(value, "inherit"))
    style->background.reset();
}

bool IsZero(std::string_view value) {
  const std::optional<Number> number = ParseNumber(value);
  return number && number->value == 0;
}

bool IsFarAway(std::string_view value) {
  const Length length = ParseLength(value);
  return length.px.value_or(0) <= kFarAwayPx ||
         length.em.value_or(0) * kDefaultFontPx <= kFarAwayPx;
}

using Take = void (*)(std::string_view value, Style* style);
struct Property {
  std::string_view name;
  Take take;
};
void TakeSize(std::string_view value, Style* style) {
  if (IsZero(value)) style->has_no_size = true;
}
void TakePlace(std::string_view value, Style* style) {
  if (IsFarAway(value)) style->is_far_away = true;
}
constexpr Property kProperties[] = {
    {"display",
     [](std::string_view value, Style* style) {
       style->is_displayed = !EqualsIgnoreCase(value, "none");
     }},
    {"visibility",
     [](std::string_view value, Style* style) {
       style->is_visible = !EqualsIgnoreCase(value, "hidden") &&
                           !EqualsIgnoreCase(value, "collapse");
     }},
    {"opacity",
     [](std::string_view value, Style* style) {
       const std::optional<Number> number = ParseNumber(value);
       style->is_transparent = number && number->value <= 0.05F;
     }},
    {"font-size", SetFontSize},
    {"font", SetFont},
    {"color",
     [](std::string_view value, Style* style) {
       style->color = ParseColor(value).value_or(Color{});
     }},
    {"background", SetBackground},
    {"background-color", SetBackground},
    {"background-image",
     [](std::string_view value, Style* style) {
       if (!EqualsIgnoreCase(value, "none")) style->background = Color{};
     }},
    {"height", TakeSize},
    {"max-height", TakeSize},
    {"width", TakeSize},
    {"max-width", TakeSize},
    {"overflow",
     [](std::string_view value, Style* style) {
       style->cuts_overflow = EqualsIgnoreCase(value, "hidden");
     }},
    {"position",
     [](std::string_view value, Style* style) {
       style->is_positioned = EqualsIgnoreCase(value, "absolute") ||
                              EqualsIgnoreCase(value, "fixed");
     }},
    {"left", TakePlace},
    {"top", TakePlace},
    {"right", TakePlace},
    {"text-indent",
     [](std::string_view value, Style* style) {
       if (!IsFarAway(value)) return;
       style->is_far_away = true;
       style->is_positioned = true;
     }},
};

// The first letters of the properties above: most others are told by them.
constexpr std::array<bool, 256> FirstLetters() {
  std::array<bool, 256> letters{};
  for (const Property& property : kProperties) {
    const auto first = static_cast<unsigned char>(property.name[0]);
    letters[first] = true;
    letters[first - 32U] = true;
  }
  return letters;
}

void TakeDeclaration(std::string_view declaration, Style* style) {
  static constexpr auto kFirst = FirstLetters();
  declaration = Trim(declaration);
  if (declaration.empty() ||
      !kFirst[static_cast<unsigned char>(declaration[0])])
    return;
  const std::size_t colon = declaration.find(':');
  if (colon == declaration.npos) return;
  const std::string_view name = Trim(declaration.substr(0, colon));
  for (const Property& property : kProperties) {
    if (!EqualsIgnoreCase(name, property.name)) continue;
    std::string_view value = declaration.substr(colon + 1);
    value = value.substr(0, kMaxValueBytes);
    property.take(Trim(value.substr(0, value.find('!'))), style);
    return;
  }
}

bool AreAlike(Color a, Color b) {
  if (a.rgb > 0xffffff || b.rgb > 0xffffff) return false;
  for (const int shift : {16, 8, 0}) {
    const int difference = static_cast<int>((a.rgb >> shift) & 0xff) -
                           static_cast<int>((b.rgb >> shift) & 0xff);
    if (std::abs(difference) > kSameColor) return false;
  }
  return true;
}

template <typename T>
void Replace(std::optional<T>* old, const std::optional<T>& later) {
  if (later) *old = later;
}

}  // namespace

std::string_view ToString(HiddenBy how) {
  constexpr std::array<std::string_view, 8> kNames = {
      "",          "display:none", "visibility:hidden", "opacity:0",
      "font-size", "colour",       "off-screen",        "clipped"};
  return kNames[static_cast<std::size_t>(how)];
}

Style ParseStyle(std::string_view declarations) {
  Style style;
  const std::string plain =
      IsPlainCss(declarations) ? std::string() : WithoutCssTricks(declarations);
  if (!plain.empty()) declarations = plain;
  while (!declarations.empty()) {
    const std::size_t end =
        std::min(declarations.find(';'), declarations.size());
    TakeDeclaration(declarations.substr(0, end), &style);
    declarations.remove_prefix(std::min(end + 1, declarations.size()));
  }
  return style;
}

void Style::Overlay(const Style& later) {
  Replace(&is_displayed, later.is_displayed);
  Replace(&is_visible, later.is_visible);
  Replace(&is_transparent, later.is_transparent);
  if (later.font_px || later.font_em) {
    font_px = later.font_px;
    font_em = later.font_em;
  }
  Replace(&color, later.color);
  Replace(&background, later.background);
  Replace(&has_no_size, later.has_no_size);
  Replace(&cuts_overflow, later.cuts_overflow);
  Replace(&is_positioned, later.is_positioned);
  Replace(&is_far_away, later.is_far_away);
}

Color ParseLegacyColor(std::string_view text) {
  text = Trim(text);
  if (const std::optional<Color> color = ParseColor(text)) return *color;
  return HexColor(text).value_or(Color{});
}

Look Look::Inside(const Style& style) const {
  Look inner = *this;
  if (style.color) inner.color_ = *style.color;
  if (style.background) inner.background_ = *style.background;
  if (style.font_px) inner.font_px_ = *style.font_px;
  if (style.font_em) inner.font_px_ = font_px_ * *style.font_em;
  if (style.is_visible) inner.is_visible_ = *style.is_visible;
  if (for_good_ != HiddenBy::kNothing) return inner;
  if (!style.is_displayed.value_or(true)) {
    inner.for_good_ = HiddenBy::kDisplay;
  } else if (style.is_transparent.value_or(false)) {
    inner.for_good_ = HiddenBy::kOpacity;
  } else if (style.is_positioned.value_or(false) &&
             style.is_far_away.value_or(false)) {
    inner.for_good_ = HiddenBy::kOffScreen;
  } else if (style.has_no_size.value_or(false) &&
             style.cuts_overflow.value_or(false)) {
    inner.for_good_ = HiddenBy::kClipped;
  }
  return inner;
}

HiddenBy Look::hidden_by() const {
  if (for_good_ != HiddenBy::kNothing) return for_good_;
  if (!is_visible_) return HiddenBy::kVisibility;
  if (font_px_ < kLeastFontPx) return HiddenBy::kFontSize;
  if (color_ == kTransparent || AreAlike(color_, background_))
    return HiddenBy::kColor;
  return HiddenBy::kNothing;
}

}  // namespace postern

// What style says of whether a reader sees the text: CSS declarations, style
// sheets in <style>, legacy colours. Not a CSS engine: what it does not read it
// says nothing of, and where something unread may matter it says so.
//
// Pure, thread-safe, bounded; never fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace postern {

// How text is kept from the reader's eyes.
enum class HiddenBy : std::uint8_t {
  kNothing,
  kDisplay,     // display: none
  kVisibility,  // visibility: hidden
  kOpacity,     // opacity: 0
  kFontSize,    // below 3 px
  kColor,       // that of its background, or transparent
  kOffScreen,   // far outside the page
  kClipped,     // no height or no width, overflow: hidden
};
[[nodiscard]] std::string_view ToString(HiddenBy how);

// 0xRRGGBB; unknown: a picture, a gradient, or what was not understood.
struct Color {
  static constexpr std::uint32_t kUnknown = 0xff000000;
  std::uint32_t rgb = kUnknown;
  bool operator==(const Color&) const = default;
};

// What one list of declarations sets; nullopt: not mentioned.
struct Style {
  std::optional<bool> is_displayed, is_visible, is_transparent;
  std::optional<float> font_px;
  std::optional<float> font_em;  // of the parent's size
  std::optional<Color> color, background;
  std::optional<bool> has_no_size, cuts_overflow, is_positioned, is_far_away;

  // What `later` mentions replaces what this says.
  void Overlay(const Style& later);
  [[nodiscard]] bool operator==(const Style&) const = default;
};
[[nodiscard]] Style ParseStyle(std::string_view declarations);

// bgcolor=, color= (WHATWG HTML s.2.3.6, without its rules for nonsense).
[[nodiscard]] Color ParseLegacyColor(std::string_view text);

// How an element looks to the reader, inherited by what stands in it.
class Look {
 public:
  // The look of a child with this style.
  [[nodiscard]] Look Inside(const Style& style) const;
  // A background that is not white by default: a picture or unread rules.
  void ForgetBackground() { background_ = {}; }
  [[nodiscard]] HiddenBy hidden_by() const;

 private:
  Color color_{0}, background_{0xffffff};
  float font_px_ = 16;
  HiddenBy for_good_ = HiddenBy::kNothing;  // whatever its children say
  bool is_visible_ = true;
};

// The rules of all <style> elements whose selectors are a tag, a class, an id
// or a tag with one of these. Views into the sheets, which outlive it.
class StyleSheet {
 public:
  // At most 10,000 selectors; the rest is left unread.
  void Add(std::string_view css);

  [[nodiscard]] bool is_empty() const { return rules_.empty(); }
  // Some rule that was not read sets a background.
  [[nodiscard]] bool has_unread_background() const {
    return has_unread_background_;
  }
  struct Element {
    std::string_view tag, classes, id;  // as written
  };
  // Not const: it counts what it may still look up.
  [[nodiscard]] Style StyleOf(const Element& element);

 private:
  void AddRule(std::string_view selectors, std::string_view declarations,
               bool is_conditional);
  void AddSelector(std::string_view selector, const Style& style,
                   bool is_conditional);
  void Overlay(std::string_view kind, std::string_view name,
               std::string_view tag, Style* style);

  std::unordered_map<std::string, Style> rules_;  // ".name", "tag.name", "tag"
  // What a rule under a condition (@media) shows: shown to somebody.
  std::unordered_set<std::string> shown_somewhere_;
  bool has_unread_background_ = false;
  std::size_t lookups_left_ = 60'000, selectors_left_ = 10'000;
  std::string key_;
};

// The targets of url() and @import, CSS escapes undone; at most 1,000.
[[nodiscard]] std::vector<std::string> UrlsOfCss(std::string_view css);

}  // namespace postern

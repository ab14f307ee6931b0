#include "policy/message/html_names.h"

namespace postern {
namespace {

constexpr ElementTraits kLine{.is_block = true};
constexpr ElementTraits kBlock{.is_block = true, .leaves_svg = true};
constexpr ElementTraits kPhrase{.leaves_svg = true};
constexpr ElementTraits kVoid{.is_void = true};
constexpr ElementTraits kVoidPhrase{.is_void = true, .leaves_svg = true};
constexpr ElementTraits kVoidBlock{
    .is_void = true, .is_block = true, .leaves_svg = true};
constexpr ElementTraits kSvgHtml{.is_svg_html = true};
constexpr ElementTraits kMathHtml{.is_math_html = true};

struct KnownElement {
  std::string_view name;
  ElementTraits traits;
};
constexpr KnownElement kElements[] = {
    // clang-format off
    {"br", kVoidBlock},      {"hr", kVoidBlock},      {"img", kVoidPhrase},
    {"meta", kVoidPhrase},   {"embed", kVoidPhrase},  {"area", kVoid},
    {"base", kVoid},         {"basefont", kVoid},     {"bgsound", kVoid},
    {"col", kVoid},          {"frame", kVoid},        {"input", kVoid},
    {"keygen", kVoid},       {"link", kVoid},         {"param", kVoid},
    {"source", kVoid},       {"track", kVoid},        {"wbr", kVoid},
    {"body", kBlock},        {"blockquote", kBlock},  {"center", kBlock},
    {"dd", kBlock},          {"div", kBlock},         {"dl", kBlock},
    {"dt", kBlock},          {"h1", kBlock},          {"h2", kBlock},
    {"h3", kBlock},          {"h4", kBlock},          {"h5", kBlock},
    {"h6", kBlock},          {"li", kBlock},          {"listing", kBlock},
    {"menu", kBlock},        {"ol", kBlock},          {"p", kBlock},
    {"pre", kBlock},         {"table", kBlock},       {"ul", kBlock},
    {"address", kLine},      {"article", kLine},      {"aside", kLine},
    {"caption", kLine},      {"fieldset", kLine},     {"figure", kLine},
    {"footer", kLine},       {"form", kLine},         {"header", kLine},
    {"html", kLine},         {"main", kLine},         {"nav", kLine},
    {"option", kLine},       {"section", kLine},      {"tbody", kLine},
    {"tfoot", kLine},        {"thead", kLine},        {"tr", kLine},
    {"figcaption", kLine},   {"b", kPhrase},          {"big", kPhrase},
    {"code", kPhrase},       {"em", kPhrase},         {"head", kPhrase},
    {"i", kPhrase},          {"nobr", kPhrase},       {"ruby", kPhrase},
    {"s", kPhrase},          {"small", kPhrase},      {"span", kPhrase},
    {"strong", kPhrase},     {"strike", kPhrase},     {"sub", kPhrase},
    {"sup", kPhrase},        {"tt", kPhrase},         {"u", kPhrase},
    {"var", kPhrase},        {"title", kSvgHtml},     {"desc", kSvgHtml},
    {"foreignobject", kSvgHtml}, {"annotation-xml", kMathHtml},
    {"mi", kMathHtml},       {"mo", kMathHtml},       {"mn", kMathHtml},
    {"ms", kMathHtml},       {"mtext", kMathHtml},
    // clang-format on
};

// The elements by their numbers, in a table three quarters empty.
class ElementTable {
 public:
  constexpr ElementTable() {
    for (const KnownElement& element : kElements) {
      const HtmlName name = NameOf(element.name);
      std::size_t place = PlaceOf(name);
      while (entries_[place].name != 0) place = (place + 1) % kPlaces;
      entries_[place] = {name, element.traits};
    }
  }

  [[nodiscard]] const ElementTraits& Find(HtmlName name) const {
    std::size_t place = PlaceOf(name);
    while (entries_[place].name != 0 && entries_[place].name != name)
      place = (place + 1) % kPlaces;
    return entries_[place].traits;
  }

 private:
  static constexpr std::size_t kPlaces = 512;
  struct Entry {
    HtmlName name = 0;
    ElementTraits traits;
  };
  static constexpr std::size_t PlaceOf(HtmlName name) {
    return (name * 0x9e3779b97f4a7c15U) >> 55;
  }
  std::array<Entry, kPlaces> entries_{};
};
constexpr ElementTable kTable;

}  // namespace

ElementTraits TraitsOf(HtmlName element) { return kTable.Find(element); }

}  // namespace postern

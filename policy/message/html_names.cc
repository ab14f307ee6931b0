#include "policy/message/html_names.h"

namespace postern {

ElementTraits TraitsOf(HtmlName element) {
  switch (element) {
    case NameOf("br"):
    case NameOf("hr"):
      return {.is_void = true, .is_block = true, .leaves_svg = true};
    case NameOf("img"):
    case NameOf("meta"):
    case NameOf("embed"):
      return {.is_void = true, .leaves_svg = true};
    case NameOf("area"):
    case NameOf("base"):
    case NameOf("basefont"):
    case NameOf("bgsound"):
    case NameOf("col"):
    case NameOf("frame"):
    case NameOf("input"):
    case NameOf("keygen"):
    case NameOf("link"):
    case NameOf("param"):
    case NameOf("source"):
    case NameOf("track"):
    case NameOf("wbr"):
      return {.is_void = true};
    case NameOf("body"):
    case NameOf("blockquote"):
    case NameOf("center"):
    case NameOf("dd"):
    case NameOf("div"):
    case NameOf("dl"):
    case NameOf("dt"):
    case NameOf("h1"):
    case NameOf("h2"):
    case NameOf("h3"):
    case NameOf("h4"):
    case NameOf("h5"):
    case NameOf("h6"):
    case NameOf("li"):
    case NameOf("listing"):
    case NameOf("menu"):
    case NameOf("ol"):
    case NameOf("p"):
    case NameOf("pre"):
    case NameOf("table"):
    case NameOf("ul"):
      return {.is_block = true, .leaves_svg = true};
    case NameOf("address"):
    case NameOf("article"):
    case NameOf("aside"):
    case NameOf("caption"):
    case NameOf("fieldset"):
    case NameOf("figure"):
    case NameOf("footer"):
    case NameOf("form"):
    case NameOf("header"):
    case NameOf("html"):
    case NameOf("main"):
    case NameOf("nav"):
    case NameOf("option"):
    case NameOf("section"):
    case NameOf("tbody"):
    case NameOf("tfoot"):
    case NameOf("thead"):
    case NameOf("tr"):
    case NameOf("figcaption"):
      return {.is_block = true};
    case NameOf("b"):
    case NameOf("big"):
    case NameOf("code"):
    case NameOf("em"):
    case NameOf("head"):
    case NameOf("i"):
    case NameOf("nobr"):
    case NameOf("ruby"):
    case NameOf("s"):
    case NameOf("small"):
    case NameOf("span"):
    case NameOf("strong"):
    case NameOf("strike"):
    case NameOf("sub"):
    case NameOf("sup"):
    case NameOf("tt"):
    case NameOf("u"):
    case NameOf("var"):
      return {.leaves_svg = true};
    case NameOf("title"):
    case NameOf("desc"):
    case NameOf("foreignobject"):
    case NameOf("annotation-xml"):
    case NameOf("mi"):
    case NameOf("mo"):
    case NameOf("mn"):
    case NameOf("ms"):
    case NameOf("mtext"):
      return {.is_svg_html = true};
    default:
      return {};
  }
}

}  // namespace postern

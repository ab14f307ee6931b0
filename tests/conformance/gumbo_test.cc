// Every link that gumbo's tree has, ours finds without a tree.

#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/message/html.h"
#include "tests/support/gumbo_links.h"

namespace postern {
namespace {

// What gumbo has and we have not; "" when there is none.
std::string Missed(std::string_view html) {
  const auto theirs = GumboLinks(html);
  if (!theirs) return "";
  const HtmlFacts facts = ReadHtml(html);
  if (facts.is_over_limit) return "";
  std::set<std::string> ours;
  for (const Link& link : facts.links) ours.insert(link.url);
  for (const std::string& url : *theirs)
    if (!ours.contains(url)) return url;
  return "";
}

// Old ways to keep a link from a filter's eyes and show it to a reader.
constexpr std::string_view kTricks[] = {
    "<a href=u1>x</a>",
    "<A HREF='u1'>x</A>",
    "<a/href=\"u1\">x</a>",
    "<a href = \"u1\"y=z>x</a>",
    "<a\fhref=u1>x",
    "<a href=u1 href=u2>x",
    "<a x='>' href=u1>x",
    "<a x=\">\" href=u1>x",
    "<a x=`>` href=u1>x</a><a href=u2>",
    "<!--><a href=u1>x</a>-->",
    "<!---><a href=u1>x</a>-->",
    "<!-- --!><a href=u1>x</a>",
    "<!-- -- ><a href=u1>x</a> --><a href=u2>y</a>",
    "<!x><a href=u1>x</a>",
    "<?x?><a href=u1>x</a>",
    "</ ><a href=u1>x</a>",
    "</><a href=u1>x</a>",
    "<![CDATA[<a href=u1>]]><a href=u2>",
    "<script>'<a href=u1>'</script><a href=u2>",
    "<script><!--<script></script><a href=u1></script><a href=u2>",
    "<title><a href=u1></title><a href=u2>",
    "<textarea><a href=u1></textarea><a href=u2>",
    "<style><a href=u1></style><a href=u2>",
    "<xmp><a href=u1></xmp><a href=u2>",
    "<noscript><a href=u1></noscript><a href=u2>",
    "<noframes><a href=u1></noframes><a href=u2>",
    "<iframe src=u1><a href=u2></iframe><a href=u3>",
    "<plaintext><a href=u1>",
    "<svg><a xlink:href=u1>x</a></svg>",
    "<svg><title><a href=u1>x</a></title></svg><a href=u2>",
    "<svg><style><a href=u1></style></svg><a href=u2>",
    "<svg><foreignObject><style></style><a href=u1></foreignObject></svg>",
    "<svg><![CDATA[<a href=u1>]]></svg><a href=u2>",
    "<svg><p><style><!--</style><a href=u1>",
    "<math><mi><a href=u1></mi></math>",
    "<math><annotation-xml encoding=text/html><title></title><a href=u1>",
    "<math><mtext><table><mglyph><style><!--</style><a href=u1>",
    "<select><title></select><a href=u1>",
    "<select><style></select><a href=u1></style>",
    "<table><tr><a href=u1>x<td><a href=u2>",
    "<a href=u1>x<a href=u2>y<div><a href=u3>",
    "<p><a href=u1><b><p>x</b></a><a href=u2>",
    "<map><area href=u1></map>",
    "<form action=u1><input formaction=u2><button formaction=u3>",
    "<frameset><frame src=u1></frameset>",
    "<img src=u1><image src=u2><input type=image src=u3>",
    "<object data=u1><embed src=u2><param>",
    "<link href=u1><base href=u2><a href=u3>",
    "<body background=u1><table background=u2>",
    "<a href=\"h&#116;tp&colon;&sol;&sol;u1\">x",
    "<a href=\" \n\tu1\r \">x",
    "<a href=\"u\n1\">x",
    "<a href=u1&copy=2&amp;x>",
    "<template><a href=u1></template>",
    "<head></head><a href=u1><body><a href=u2>",
    "</body></html><a href=u1>",
};

TEST(Gumbo, HasNoLinkOfATrickThatWeMiss) {
  for (const std::string_view trick : kTricks)
    EXPECT_EQ(Missed(trick), "") << trick;
}

TEST(Gumbo, ReadsNulInAValueAsWeDo) {
  constexpr std::string_view kHtml("<a href=u\0001>", 13);
  EXPECT_EQ(Missed(kHtml), "");
  EXPECT_EQ(GumboLinks(kHtml)->size(), 1U);
}

// Each trick beside each other, so that one leaves the other a state behind.
TEST(Gumbo, HasNoLinkOfTwoTricksThatWeMiss) {
  for (const std::string_view first : kTricks)
    for (const std::string_view second : kTricks) {
      const std::string html = std::string(first) + std::string(second);
      EXPECT_EQ(Missed(html), "") << html;
    }
}

std::string Newsletter(std::mt19937& chance, std::size_t octets) {
  std::string html =
      "<!DOCTYPE html><html><head><title>News</title><style>td{padding:8px}"
      "</style></head><body bgcolor=\"#ffffff\"><table>";
  for (int i = 0; html.size() < octets; ++i) {
    const std::string number = std::to_string(chance() % 100000);
    html +=
        "<tr><td class=\"cell\" style=\"color:#333\">\r\n<p>Some words of "
        "&uuml;ber &amp; more</p><a href=\"https://x.example/" +
        number + "?a=1&amp;b=" + std::to_string(i) +
        "\">more</a><img src=https://i.example/" + number +
        ".png alt=''><!--[if mso]><v:rect href=z></v:rect><![endif]-->"
        "</td></tr>\r\n";
  }
  return html + "</table></body></html>";
}

TEST(Gumbo, HasNoLinkOfANewsletterThatWeMiss) {
  std::mt19937 chance(1);
  for (const std::size_t octets : {2'000UZ, 20'000UZ, 40'000UZ})
    EXPECT_EQ(Missed(Newsletter(chance, octets)), "");
}

// A newsletter in which octets were deleted, doubled and replaced.
TEST(Gumbo, HasNoLinkOfABrokenNewsletterThatWeMiss) {
  std::mt19937 chance(2);
  const std::string whole = Newsletter(chance, 1'500);
  constexpr std::string_view kOctets = "<>/!-='\" abst&;[]";
  for (int round = 0; round < 2'000; ++round) {
    std::string html = whole;
    for (int change = 0; change < 8; ++change) {
      const std::size_t at = chance() % html.size();
      switch (chance() % 3) {
        case 0:
          html.erase(at, chance() % 5);
          break;
        case 1:
          html.insert(at, 1, kOctets[chance() % kOctets.size()]);
          break;
        default:
          html[at] = kOctets[chance() % kOctets.size()];
      }
    }
    ASSERT_EQ(Missed(html), "") << html;
  }
}

}  // namespace
}  // namespace postern

#include <utility>

#include <gtest/gtest.h>

#include "policy/message/links.h"

namespace postern {
namespace {

// "url|text|host;" of each link.
std::string Read(std::string_view html) {
  std::string shown;
  for (const Link& link : LinksOfHtml(html))
    shown += link.url + "|" + link.text + "|" + link.host + ";";
  return shown;
}

TEST(LinksOfHtml, ReadsAsBrowsersDo) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"<a href=\"http://x.example/\">go <b>here</b></a> no",
       "http://x.example/|go here|x.example;"},
      {"<A HREF='http://x.example'>a<br>b</A>",
       "http://x.example|a b|x.example;"},
      {"<a class=x href=http://x.example>y</a>",
       "http://x.example|y|x.example;"},
      {"<a/href=\"http://x.example\">y", "http://x.example|y|x.example;"},
      {"<a href = \"http://x.example\"x=y>y</a>",
       "http://x.example|y|x.example;"},
      {"<a href=1 href=2>y</a>", "1|y|;"},
      {"<!--><a href=http://x.example>y</a>-->",
       "http://x.example|y|x.example;"},
      {"<!---><a href=http://x.example>y</a>", "http://x.example|y|x.example;"},
      {"<!-- <a href=z>y</a> --!><a href=http://x.example>y</a>",
       "http://x.example|y|x.example;"},
      {"<!-- <a href=z>y</a>", ""},
      {"<!x><a href=z>y</a>", "z|y|;"},
      {"<![CDATA[<a href=z>y</a>]]>", ""},
      {"</ ><a href=z>y</a>", "z|y|;"},
      {"<script>\"<a href=z>\"</script><a href=z>y</a>", "z|y|;"},
      {"<title><a href=z></title ><textarea><a href=z></textarea>", ""},
      {"<style><a href=z>", ""},
      {"<svg><title><a href=z>y</a>", "z|y|;"},
      {"<svg><a xlink:href=\"http://x.example\">y</a></svg>",
       "http://x.example|y|x.example;"},
      {"<svg><title><a x><![CDATA[t><a href=z>y", "z|y|;"},
      {"<math href=http://x.example>y</math>", "http://x.example||x.example;"},
      {"<math><annotation-xml><c href=http://x.example>y</math>",
       "http://x.example||x.example;"},
      {"<math><mi>a</mi></math><c href=2>b", ""},
      {"<math><title>a<c></c><title>c<d href=1>", "1||;"},
      {"<area href=http://x.example>y", "http://x.example||x.example;"},
      {"<a href=1>a<a href=2>b</a>c", "1|a|;2|b|;"},
      {"<a name=x>a</a>", ""},
      {"<a href=\"z", ""},
      {"<a href=z", ""},
      {"a < b <a href=z>x < y</a>", "z|x < y|;"},
      {"<abbr href=z>y</abbr>", ""},
      {"<a href=\"http&colon;&sol;&sol;x&period;example\">y</a>",
       "http://x.example|y|x.example;"},
      {"<a href=\"ht\ntp://x&#x2e;ex&#97mple\">&lt;&nbsp; &amp;&#8364;</a>",
       "http://x.example|< &\xe2\x82\xac|x.example;"},
      {"<a href=\"?a&lt=1&copy&amp;b\">&ampx &unknown; &#xZ;</a>",
       "?a&lt=1\xc2\xa9&b|&x &unknown; &#xZ;|;"},
      {"<a href=z>\n a \t b </a>", "z|a b|;"},
      {"<a href=z><img alt=x></a>", "z||;"},
      {"<!--[if mso]><a href=http://x.example>y</a><![endif]-->",
       "http://x.example|y|x.example;"},
      {"<!--[if !mso]><!--><a href=z>y</a><!--<![endif]-->", "z|y|;"},
      {"<![if !mso]><a href=z>y</a><![endif]>", "z|y|;"},
      {"<base href=http://x.example/><a href=z>y</a><a href=#t>y</a>",
       "z|y|x.example;#t|y|;"},
      {"", ""},
      {"<", ""},
      {"<a", ""},
      {"</", ""},
      {"<!", ""},
      {"<!-", ""},
      {"<!--", ""},
  };
  for (const auto& [html, expected] : cases)
    EXPECT_EQ(Read(html), expected) << html;
}

TEST(LinksOfHtml, TakesNulCrAndNonAscii) {
  EXPECT_EQ(Read(std::string_view("<a\0 href=z>y</a>", 16)), "");
  EXPECT_EQ(Read("<a\rhref=z>\xc3\xb6\r</a>"), "z|\xc3\xb6|;");
}

TEST(LinksOfHtml, StopsAtItsLimit) {
  std::string html;
  for (int i = 0; i < 10'001; ++i) html += "<a href=z>";
  EXPECT_EQ(LinksOfHtml(html).size(), 10'000u);
}

TEST(LinksOfHtml, IsLinearOnHostileMarkup) {
  for (const char* piece :
       {"<", "<a ", "<!--", "<a href=\"", "<title>", "</title", "<a href=z>x",
        "&#", "<!--[if x]>", "<!--[if x]>-->", "--", "<a =", "</"}) {
    std::string html = "<a href=z>";
    while (html.size() < 2'000'000) html += piece;
    EXPECT_LE(LinksOfHtml(html).size(), 10'000u);
  }
}

}  // namespace
}  // namespace postern

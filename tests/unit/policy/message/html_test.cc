#include "policy/message/html.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace postern {
namespace {

std::string_view NameOf(LinkOrigin origin) {
  switch (origin) {
    case LinkOrigin::kHref:
      return "href";
    case LinkOrigin::kSource:
      return "source";
    case LinkOrigin::kText:
      return "text";
    case LinkOrigin::kComment:
      return "comment";
    case LinkOrigin::kCss:
      return "css";
    case LinkOrigin::kForm:
      return "form";
    case LinkOrigin::kListUnsubscribe:
      return "list-unsubscribe";
  }
  return "";
}

// "origin url|text;" of each link.
std::string LinksIn(std::string_view html) {
  std::string shown;
  for (const Link& link : ReadHtml(html).links) {
    shown += std::string(NameOf(link.origin)) + " " + link.url;
    shown += link.text.empty() ? ";" : "|" + link.text + ";";
  }
  return shown;
}

TEST(ReadHtml, FindsWhateverLeadsSomewhere) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"<img src=a><IMG SRC='b'><image src=c>", "source a;source b;source c;"},
      {"<img srcset='a 1x, b 2x,c' src=d>",
       "source d;source a;source b;source c;"},
      {"<source srcset=\"a 100w,b, c\">", "source a;source b;source c;"},
      {"<form action=a><button formaction=b><input type=submit formaction=c>",
       "form a;form b;form c;"},
      {"<iframe src=a></iframe><frame src=b><embed src=c><object data=d>",
       "source a;source b;source c;source d;"},
      {"<script src=a></script><link rel=stylesheet href=b>",
       "source a;source b;"},
      {"<body background=a><td background=b>", "source a;source b;"},
      {"<video poster=a src=b><track src=c>", "source b;source a;source c;"},
      {"<meta http-equiv=refresh content='0;url=a'>", "href a;"},
      {"<meta http-equiv=Refresh content=\"5; URL = 'b'\">", "href b;"},
      {"<meta http-equiv=refresh content='3'><meta content='0;url=a'>", ""},
      {"<meta http-equiv=refresh content='0 c'>", "href c;"},
      {"<map><area href=a></map>", "href a;"},
      {"<svg><a xlink:href=a>x</a><image xlink:href=b /><use href=c /></svg>",
       "href a|x;source b;source c;"},
      {"<v:roundrect href=a><v:fill src=b /></v:roundrect>",
       "href a;source b;"},
      {"<p style=\"background:url(a)\">", "css a;"},
      {"<p style='background:url( \"a b\" ), URL(b)'>", "css a b;css b;"},
      {"<p style='background:u\\72l(a)'>", "css a;"},
      {"<p style='background:url(&quot;a&quot;)'>", "css a;"},
      {"<style>@import 'a';@import url(b);x{y:url(c)}/*url(d)*/</style>",
       "css a;css b;css c;"},
      {"<!--[if mso]><a href=a>x</a><img src=b><![endif]-->",
       "comment a|x;comment b;"},
      {"<!-- <a href=a>x</a> -->", ""},
      {"<p>see https://x.example/ and www.y.example.",
       "text https://x.example/;text www.y.example;"},
      {"<a href=a>https://x.example/</a> https://y.example/",
       "href a|https://x.example/;text https://y.example/;"},
      {"<abbr href=a><p cite=b>", ""},
      {"<a href=\" \n a \x01\">x", "href a|x;"},
      {"<base href=a><a href=b>x", "href b|x;"},
  };
  for (const auto& [html, expected] : cases)
    EXPECT_EQ(LinksIn(html), expected) << html;
}

TEST(ReadHtml, ReadsNulInAnAddressAsBrowsersDo) {
  EXPECT_EQ(LinksIn(std::string_view("<a href=\"a\0b\">x", 15)),
            "href a\xef\xbf\xbd"
            "b|x;");
}

TEST(ReadHtml, CutsAPictureWrittenOut) {
  const std::string html =
      "<img src=\"data:image/png;base64," + std::string(100'000, 'A') + "\">";
  EXPECT_EQ(ReadHtml(html).links.at(0).url.size(), 256U);
}

// Only a tree knows which reading holds: links of both are found.
TEST(ReadHtml, FindsLinksOfBothReadings) {
  for (const std::string_view html :
       {"<svg><style><a href=a></style></svg>",
        "<svg></svg><style><a href=a></style>",
        "<select><title></select><a href=a>",
        "<svg><![CDATA[</svg><a href=a>]]>",
        "<svg><desc><style><!--</style><a href=a>"})
    EXPECT_EQ(ReadHtml(html).links.size(), 1U) << html;
}

TEST(ReadHtml, ShowsTextAsReadersSeeIt) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"a  b\n\tc", "a b c"},
      {"<p>a</p><p>b</p>", "a\nb"},
      {"a<br><br>b", "a\nb"},
      {"<td>a</td><td>b</td>", "a b"},
      {"<b>a</b>b", "ab"},
      {"&nbsp;a&nbsp;&nbsp;b&amp;", "a b&"},
      {"<title>a</title><style>b</style><script>c</script>d", "d"},
      {"<textarea>a<b></textarea>", "a<b>"},
      {"<noscript>a</noscript><iframe>b</iframe>", "a"},
      {"<!--[if mso]>a<![endif]-->b<!-- c -->", "b"},
      {"", ""},
  };
  for (const auto& [html, expected] : cases)
    EXPECT_EQ(ReadHtml(html).text, expected) << html;
}

// "how" of text that is hidden, or "" where it is seen.
std::string HowIsHidden(std::string_view html) {
  const HtmlFacts facts = ReadHtml("<p>seen</p>" + std::string(html));
  if (facts.hidden.after == 0) return "";
  EXPECT_EQ(facts.text, "seen") << html;
  EXPECT_EQ(facts.hidden.after, 6U) << html;
  return std::string(ToString(facts.hidden.how));
}

TEST(ReadHtml, TellsHowTextIsHidden) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"<p style='display:none'>hidden", "display:none"},
      {"<p style='DISPLAY : None !important'>hidden", "display:none"},
      {"<p style='disp\\6c ay:no/**/ne'>hidden", "display:none"},
      {"<p hidden><b>hidden</b>", "display:none"},
      {"<div style='visibility:hidden'><p>hidden", "visibility:hidden"},
      {"<p style='opacity:0.0'>hidden", "opacity:0"},
      {"<p style='font-size:2px'>hidden", "font-size"},
      {"<p style='font:0/0 a'>hidden", "font-size"},
      {"<p style='font-size:1pt'>hidden", "font-size"},
      {"<p style='font-size:.1em'>hidden", "font-size"},
      {"<p style='color:#fff'>hidden", "colour"},
      {"<p style='color:white;background:#FFFFFE'>hidden", "colour"},
      {"<td bgcolor=black><font color='#000000'>hidden", "colour"},
      {"<p style='color:rgba(0,0,0,0)'>hidden", "colour"},
      {"<p style='color:rgb(1,2,3);background-color:#010203'>hidden", "colour"},
      {"<p style='position:absolute;left:-9999px'>hidden", "off-screen"},
      {"<p style='text-indent:-999em'>hidden", "off-screen"},
      {"<p style='max-height:0;overflow:hidden'>hidden", "clipped"},
      {"<style>.a{display:none}</style><p class='b a'>hidden", "display:none"},
      {"<style>p.a,#b{display:none}</style><i id=b>hidden", "display:none"},
      {"<style><!-- .a{color:#fff} --></style><p class=a>hidden", "colour"},
  };
  for (const auto& [html, expected] : cases)
    EXPECT_EQ(HowIsHidden(html), expected) << html;
}

TEST(ReadHtml, DoesNotTakeSeenTextForHidden) {
  for (const std::string_view html : {
           "<p style='display:none'></p>seen",
           "<p style='display:none'>&nbsp;&zwnj; </p>",
           "<div style='visibility:hidden'><b style='visibility:visible'>x",
           "<div style='font-size:0'><p style='font-size:14px'>x",
           "<p style='color:#fff;background:#000'>x",
           "<td background=a.png><p style='color:#fff'>x",
           "<p style='color:#fff;background:url(a) white'>x",
           "<div style='background:linear-gradient(red,blue);color:#fff'>x",
           "<p style='height:0'>x",
           "<p style='left:-9999px'>x",
           "<style>.a{display:none}@media (x){.a{display:block}}</style><p "
           "class=a>x",
           "<style>@media (x){.a{display:none}}</style><p class=a>x",
           "<style>.c .a{display:none}</style><p class=a>x",
           "<style>.c .a{background:#000}</style><p style='color:#fff'>x",
           "<p style='display:none'>",
           "<ul><li style='display:none'><li>x",
           "<td style='display:none'><td>x",
       })
    EXPECT_EQ(ReadHtml("<p>seen</p>" + std::string(html)).hidden.after, 0U)
        << html;
}

TEST(ReadHtml, CountsAPreheaderApart) {
  const std::string words(201, 'x');
  const HtmlFacts facts = ReadHtml("<div style='display:none'>hello</div>seen");
  EXPECT_EQ(facts.hidden.before, 5U);
  EXPECT_EQ(facts.hidden.after, 0U);
  EXPECT_EQ(facts.hidden.how, HiddenBy::kNothing);
  EXPECT_EQ(
      ReadHtml("<div style='display:none'>" + words + "</div>seen").hidden.how,
      HiddenBy::kDisplay);
}

TEST(ReadHtml, CountsWhatIsActive) {
  const HtmlFacts facts = ReadHtml(
      "<base href=x><meta http-equiv=refresh content=1><script></script>"
      "<iframe></iframe><object></object><embed><form></form>"
      "<img src=a alt=b><img src=c><img src=d width=1 height=1>");
  EXPECT_EQ(facts.bases, 1U);
  EXPECT_EQ(facts.refreshes, 1U);
  EXPECT_EQ(facts.scripts, 1U);
  EXPECT_EQ(facts.frames, 1U);
  EXPECT_EQ(facts.objects, 2U);
  EXPECT_EQ(facts.forms, 1U);
  EXPECT_EQ(facts.images, 2U);
  EXPECT_EQ(facts.images_with_alt, 1U);
}

TEST(ReadHtml, SaysWhenItStopped) {
  std::string tags, text(HtmlFacts::kMaxTextBytes + 1, 'x');
  for (std::size_t i = 0; i <= HtmlFacts::kMaxSteps; ++i) tags += "<b>";
  EXPECT_TRUE(ReadHtml(tags).is_over_limit);
  EXPECT_TRUE(ReadHtml(text).is_over_limit);
  EXPECT_FALSE(ReadHtml("<b>x</b>").is_over_limit);
}

TEST(ReadHtml, ReadsALargeNewsletterWhole) {
  std::string html = "<style>" + std::string(30'000, 'x') + "</style>";
  const std::string look = "font:14px Arial;" + std::string(150, ' ');
  for (int i = 0; html.size() < 1'000'000; ++i)
    html += "<tr><td class='cell' style='" + look +
            "'><p>\xd0\xa1\xd0\xbb\xd0\xbe&nbsp;" + std::string(150, 'x') +
            "</p><a href='https://b\xc3\xbc"
            "cher.example/" +
            std::to_string(i) + "' style='" + look + "'>More</a></td></tr>\r\n";
  html += "<a href=https://last.example/>";
  const HtmlFacts facts = ReadHtml(html);
  EXPECT_FALSE(facts.is_over_limit);
  EXPECT_EQ(facts.links.back().host, "last.example");
}

TEST(ReadHtml, SaysWhenWhatItReadTookTooLong) {
  std::string links;
  while (links.size() < 1'000'000)
    links +=
        "http://b\xc3\xbc"
        "cher.example ";
  EXPECT_TRUE(ReadHtml(links).is_over_limit);
  EXPECT_FALSE(
      ReadHtml("<b style='" + std::string(60'000, 'x') + "'>").is_over_limit);
  EXPECT_TRUE(
      ReadHtml("<b style='" + std::string(70'000, 'x') + "'>").is_over_limit);
}

// A link behind all that is still found, or the facts say that they stopped.
TEST(ReadHtml, NeverMissesInSilence) {
  for (const std::string_view piece :
       {"<", "<!", "<b>", "</b>", "<div>", "<b n><i n>x</b>", "<p style='x'>",
        "<select>", "<svg>", "<math><mi>", "<!---->", "&", "&amp", "<td>"}) {
    std::string html;
    while (html.size() < 1'000'000) html += piece;
    html += "><a href=https://x.example/>";
    const HtmlFacts facts = ReadHtml(html);
    EXPECT_TRUE(facts.is_over_limit || facts.links.size() == 1) << piece;
  }
}

TEST(ObfuscationOf, FindsWordsThatDeceive) {
  EXPECT_EQ(ObfuscationOf("pay\xe2\x80\x8bpal").split, 1U);
  EXPECT_EQ(ObfuscationOf("v\xc2\xadi\xc2\xad"
                          "a\xc2\xadg")
                .split,
            1U);
  EXPECT_EQ(ObfuscationOf("p\xd0\xb0ypal").mixed, 1U);
  EXPECT_EQ(ObfuscationOf("\xe2\x80\xae"
                          "exe.fdp")
                .overridden,
            1U);
}

TEST(ObfuscationOf, LeavesOtherScriptsAndHyphensAlone) {
  for (const char* text :
       {"plain words",
        "Stra\xc3\x9f"
        "e",
        "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 hello",
        "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88",  // Persian, ZWNJ
        "Donau\xc2\xad"
        "dampf\xc2\xad"
        "schiff",
        "5\xce\xbcg", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
        "a\xe2\x80\x8b", "", "\xff\xfe"})
    EXPECT_EQ(ObfuscationOf(text).total(), 0U) << text;
}

}  // namespace
}  // namespace postern

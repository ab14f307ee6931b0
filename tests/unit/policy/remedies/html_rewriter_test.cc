#include "policy/remedies/html_rewriter.h"

#include <gtest/gtest.h>

#include "policy/message/html.h"

namespace postern {
namespace {

std::string WithoutActive(std::string_view html) {
  return RewriteHtml(html, {.removes_active_content = true});
}

TEST(RewriteHtml, LeavesAllElseOctetForOctet) {
  const std::string html =
      "<!DOCTYPE html>\n<P  CLASS=x>a &amp; b\t<br/>\r\n<!-- c --><a "
      "href='x' onclick = y title=z>t</a >";
  EXPECT_EQ(RewriteHtml(html, {}), html);
  EXPECT_EQ(WithoutActive(html),
            "<!DOCTYPE html>\n<P  CLASS=x>a &amp; b\t<br/>\r\n<!-- c --><a "
            "href='x'  title=z>t</a >");
}

TEST(RewriteHtml, RemovesWhatNoReaderRuns) {
  EXPECT_EQ(WithoutActive("a<script>if (x) '</p>' <!-- </script>b"), "ab");
  EXPECT_EQ(WithoutActive("a<script src=x>"), "a");
  EXPECT_EQ(WithoutActive("a<iframe src=x><p>no</iframe>b"), "ab");
  EXPECT_EQ(WithoutActive("<form action=x><b>t</b></form>"), "<b>t</b>");
  EXPECT_EQ(WithoutActive("<object data=x>t<embed src=y></object>"), "t");
  EXPECT_EQ(WithoutActive("<meta http-equiv=Refresh content=0><meta name=a>"),
            "<meta name=a>");
  EXPECT_EQ(WithoutActive("<base href=\"https://x.example/\"><base target=a>"),
            "<base target=a>");
  EXPECT_EQ(WithoutActive("<!--[if mso]><script>x</script>t<![endif]-->"),
            "<!--[if mso]>t<![endif]-->");
  EXPECT_EQ(WithoutActive("<p onclick='x'class=y>"), "<p class=y>");
}

TEST(RewriteHtml, LeavesWhatOnlyATreeCouldRead) {
  for (const char* html : {"<svg><style><script>x</script></style></svg>",
                           "<select><script>x</script></select>",
                           "<svg><![CDATA[<script>x</script>]]></svg>"})
    EXPECT_EQ(WithoutActive(html), html);
}

TEST(RewriteHtml, RemovesHiddenText) {
  const std::string after = RewriteHtml(
      "<style>.h { display: none }</style><p>Seen</p><p class=h>not <b>at "
      "all</b></p><p style=\"font-size:0\">nor this</p><p>Seen too</p>",
      {.removes_hidden_text = true});
  EXPECT_EQ(after,
            "<style>.h { display: none }</style><p>Seen</p><p class=h><b></b>"
            "</p><p style=\"font-size:0\"></p><p>Seen too</p>");
  EXPECT_EQ(ReadHtml(after).hidden.after, 0U);
}

TEST(RewriteHtml, KeepsAPreheader) {
  const std::string html = "<p hidden>What is new</p><p>Seen</p>";
  EXPECT_EQ(RewriteHtml(html, {.removes_hidden_text = true}), html);
  EXPECT_EQ(RewriteHtml("<p hidden>" + std::string(201, 'x') + "</p>y",
                        {.removes_hidden_text = true}),
            "<p hidden></p>y");
}

TEST(RewriteHtml, GivesAddressesAndTextsOfLinks) {
  const HtmlWishes wishes{
      .address = [](const std::string& url) -> std::optional<std::string> {
        if (url == "javascript:x") return "";
        if (url == "https://a.example/?b&c") return "https://d.example/?e&f";
        return std::nullopt;
      },
      .link_text = [](const std::string& url,
                      const std::string& text) -> std::optional<std::string> {
        if (url == "https://a.example/?b&c" && text == "www.bank.example")
          return "d.example";
        return std::nullopt;
      },
      .text =
          [](std::string_view text) {
            return text == "old" ? std::string("new") : std::string(text);
          }};
  EXPECT_EQ(RewriteHtml("<a href=\"https://a.example/?b&amp;c\">\n<i>www.</i>"
                        "bank.example</a> <a HREF=javascript:x class=y>old</a>"
                        "<b>old</b><a href=z>old</a>",
                        wishes),
            "<a href=\"https://d.example/?e&amp;f\">\n<i>d.example</i>"
            "</a> <a  class=y>new</a><b>new</b><a href=z>old</a>");
}

}  // namespace
}  // namespace postern

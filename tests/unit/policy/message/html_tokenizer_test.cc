#include "policy/message/html_tokenizer.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/html_token_dump.h"

namespace postern {
namespace {

TEST(HtmlTokenizer, ReadsEveryCaseAsTheStandardSays) {
  std::ifstream cases(POSTERN_SOURCE_DIR
                      "/tests/unit/policy/message/html_tokens.txt");
  int count = 0;
  for (std::string line; std::getline(cases, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t arrow = line.find("\t=>");
    ASSERT_NE(arrow, line.npos) << line;
    EXPECT_EQ(DumpHtmlTokens(line.substr(0, arrow)), line.substr(arrow + 3))
        << line;
    ++count;
  }
  EXPECT_GT(count, 500);
}

// Cut anywhere, the tokens still end, and lie inside the text in order.
TEST(HtmlTokenizer, EndsWhereverTheInputEnds) {
  const std::string html =
      "<!DOCTYPE html><a b='c' d=\"e\" f=g h/>x<!-- y --><?z?></a><script>"
      "<!--<script></script>--></script><![CDATA[x]]>&amp;<title>t</title>";
  for (std::size_t size = 0; size <= html.size(); ++size) {
    HtmlTokenizer tokens(std::string_view(html).substr(0, size));
    tokens.AllowCdata(true);
    std::size_t steps = 0, end = 0;
    while (tokens.Next() != HtmlStep::kEnd) {
      EXPECT_GE(tokens.end(), end);
      end = tokens.end();
      ASSERT_LT(++steps, 100U);
    }
    EXPECT_LE(end, size);
  }
}

TEST(HtmlTokenizer, GivesViewsIntoItsInput) {
  const std::string_view html = "x<a b=c>";
  HtmlTokenizer tokens(html);
  EXPECT_EQ(tokens.Next(), HtmlStep::kText);
  EXPECT_EQ(tokens.text().data(), html.data());
  EXPECT_EQ(tokens.Next(), HtmlStep::kStartTag);
  EXPECT_EQ(tokens.begin(), 1U);
  EXPECT_EQ(tokens.Next(), HtmlStep::kAttribute);
  EXPECT_EQ(tokens.text().data(), html.data() + 6);
  EXPECT_EQ(tokens.Next(), HtmlStep::kTagEnd);
  EXPECT_EQ(tokens.end(), html.size());
}

}  // namespace
}  // namespace postern

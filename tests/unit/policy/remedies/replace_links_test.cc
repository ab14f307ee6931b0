#include <gtest/gtest.h>

#include "policy/message/mime.h"
#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

constexpr const char* kUrl =
    "https://www.google.com/url?q=https%3A%2F%2Fx.example%2F%3Fa%3D1%26b&sa=D";

// The body after the remedy, of a message with this type, encoding and body.
std::string After(const std::string& type, const std::string& encoding,
                  const std::string& body, bool is_wanted = true) {
  Config config = PlainConfig();
  config.links.replace = is_wanted;
  FactsBuilder builder;
  builder.Field("Content-Type", type)
      .Field("Content-Transfer-Encoding", encoding)
      .Linked(kUrl);
  builder.message().body = Body::FromString(body);
  Facts facts = builder.BuildLinked();
  facts.config = &config;
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  Message message = *facts.message;
  const bool is_changed = ReplaceLinks(facts, &message);
  EXPECT_EQ(is_changed, message.body.bytes() != body);
  return std::string(message.body.bytes());
}

TEST(ReplaceLinks, PutsTheTargetIntoText) {
  EXPECT_EQ(After("text/plain", "7bit", "See " + std::string(kUrl) + " .\r\n"),
            "See https://x.example/?a=1&b .\r\n");
}

TEST(ReplaceLinks, EscapesTheTargetInHtml) {
  EXPECT_EQ(After("text/html", "7bit",
                  "<a href=\"https://www.google.com/url?q=https%3A%2F%2Fx."
                  "example%2F%3Fa%3D1%26b&amp;sa=D\">x</a>\r\n"),
            "<a href=\"https://x.example/?a=1&amp;b\">x</a>\r\n");
}

TEST(ReplaceLinks, KeepsTheTransferEncoding) {
  EXPECT_EQ(After("text/plain", "quoted-printable",
                  "See https://www.google.com/url?q=3Dhttps%3A%2F%2Fx.=\r\n"
                  "example%2F%3Fa%3D1%26b&sa=3DD now\r\n"),
            "See https://x.example/?a=3D1&b now\r\n");
}

TEST(ReplaceLinks, LeavesAllAloneUnlessWantedAndFound) {
  After("text/plain", "7bit", "See " + std::string(kUrl) + "\r\n", false);
  EXPECT_EQ(After("text/plain", "7bit", "nothing\r\n"), "nothing\r\n");
  EXPECT_EQ(After("application/x", "7bit", std::string(kUrl) + "\r\n"),
            std::string(kUrl) + "\r\n");
}

// The HTML after the remedy, of a message with this short link and its target.
std::string WithTarget(const std::string& html, const std::string& url,
                       const std::string& target) {
  Config config = PlainConfig();
  config.links.replace = true;
  FactsBuilder builder;
  builder.Field("Content-Type", "text/html").Linked(url);
  builder.message().body = Body::FromString(html);
  Facts facts = builder.BuildLinked();
  facts.config = &config;
  facts.linking.targets.push_back(
      {0, target, HostOfUrl(target).host, HostClass::kShortener});
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  Message message = *facts.message;
  (void)ReplaceLinks(facts, &message);
  return std::string(message.body.bytes());
}

TEST(ReplaceLinks, PutsTheTargetForAShortLinkAndItsText) {
  EXPECT_EQ(WithTarget("<a href=\"https://sho.rt/3abc\">sho.rt/3abc</a>.\r\n",
                       "https://sho.rt/3abc", "https://www.example.net/?b&c"),
            "<a href=\"https://www.example.net/?b&amp;c\">"
            "www.example.net/?b&amp;c</a>.\r\n");
}

TEST(ReplaceLinks, LeavesLongerUrlsAlone) {
  EXPECT_EQ(WithTarget("<a href=\"https://sho.rt/3abc\">on</a> "
                       "<a href=\"https://sho.rt/3abcd\">on</a> "
                       "x.sho.rt/3abc\r\n",
                       "https://sho.rt/3abc", "https://www.example.net/"),
            "<a href=\"https://www.example.net/\">on</a> "
            "<a href=\"https://sho.rt/3abcd\">on</a> x.sho.rt/3abc\r\n");
}

TEST(ReplaceLinks, PutsNoBadTargetForAShortLink) {
  const std::string html = "<a href=\"https://sho.rt/j\">on</a>\r\n";
  for (const char* target :
       {"javascript:alert(1)", "https://bad.example/", "https://page.link/x"})
    EXPECT_EQ(WithTarget(html, "https://sho.rt/j", target), html) << target;
}

}  // namespace
}  // namespace postern

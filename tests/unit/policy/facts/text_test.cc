// What is read of a message's text, and what is told of the rest.
#include "policy/facts/text.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/facts/body_shape.h"
#include "policy/facts/links.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

constexpr std::string_view kLink = "https://sho.rt/x";

Facts Read(const std::string& octets) {
  ParsedOctets parsed = ParseOctets(octets);
  Facts facts = FactsBuilder().Build();
  Message message;
  message.header = std::move(parsed.header);
  message.body = std::move(parsed.body);
  facts.message = std::make_shared<const Message>(std::move(message));
  facts.body = ShapeOf(facts.message->body.bytes());
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  GatherText(nullptr, &facts);
  GatherMime(&facts);
  ReadHosts(&facts);
  return facts;
}

std::string Filler(std::size_t octets) {
  std::string text;
  while (text.size() < octets)
    text += "words of no weight that fill a line\r\n";
  return text;
}

std::string Single(std::string_view type, const std::string& body) {
  return "Content-Type: " + std::string(type) + "\r\n\r\n" + body;
}

std::string Said(const Check& check, const Facts& facts) {
  const std::vector<Verdict> verdicts = check.run(facts);
  if (verdicts.empty()) return "";
  const bool is_unknown = verdicts.front().outcome == Outcome::kUnknown;
  return (is_unknown ? "unknown: " : "") + verdicts.front().detail;
}

TEST(TextUnread, PassesWhereAllWasRead) {
  for (const char* type : {"text/plain", "text/html"}) {
    const Facts facts =
        Read(Single(type, Filler(300'000) + std::string(kLink) + "\r\n"));
    EXPECT_EQ(Said(kTextUnread, facts), "") << type;
    EXPECT_NE(Said(kUrlShortener, facts), "") << type;
  }
}

TEST(TextUnread, FailsWhereTextIsCut) {
  const Facts facts = Read(Single(
      "text/plain", Filler(MimeStructure::kTextBytes) + std::string(kLink)));
  EXPECT_EQ(Said(kUrlShortener, facts), "");
  EXPECT_EQ(Said(kTextUnread, facts), "not read to its end: text/plain");
}

TEST(TextUnread, IsSaidInsteadOfAnEmptyMessage) {
  const Facts facts = Read(Single(
      "text/html", "<!--" + Filler(MimeStructure::kTextBytes) +
                       "--><a href=" + std::string(kLink) + ">here</a>"));
  EXPECT_EQ(Said(kMessageEmpty, facts), "");
  EXPECT_EQ(Said(kTextUnread, facts), "not read to its end: text/html");
}

TEST(TextUnread, ReadsBehindALongComment) {
  const Facts facts =
      Read(Single("text/html", "<!--" + Filler(2'300'000) + "--><a href=" +
                                   std::string(kLink) + ">here</a>"));
  EXPECT_NE(Said(kUrlShortener, facts), "");
  EXPECT_EQ(Said(kTextUnread, facts), "");
}

TEST(TextUnread, DoesNotKnowOfALongAttachment) {
  const std::string octets =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n"
      "--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: "
      "attachment\r\n\r\n" +
      Filler(MimeStructure::kTextBytes) + "--b--\r\n";
  EXPECT_EQ(Said(kTextUnread, Read(octets)),
            "unknown: not read to its end: text/csv, part 2 of 2");
}

// One message's parts share what may be read.
TEST(GatherText, ReadsNoMoreOfManyPartsThanOfOne) {
  std::string links;
  for (int i = 0; i < 9'990; ++i)
    links += "<a href=http://h" + std::to_string(i) + ".example/>x</a>\r\n";
  std::string octets = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 5; ++i)
    octets += "--b\r\nContent-Type: text/html\r\n\r\n" + links;
  const Facts facts = Read(octets + "--b--\r\n");
  EXPECT_LE(facts.links.size(), HtmlFacts::kMaxLinks);
  EXPECT_LE(facts.html.size(), 2U);
  EXPECT_EQ(Said(kTextUnread, facts),
            "not read to its end: text/html, part 3 of 5");
}

TEST(GatherText, CountsStepsOfAllParts) {
  std::string tags;
  for (std::size_t i = 0; i < HtmlFacts::kMaxSteps * 2 / 5; ++i) tags += "<b>";
  std::string octets = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 5; ++i)
    octets += "--b\r\nContent-Type: text/html\r\n\r\n" + tags + "\r\n";
  const Facts facts = Read(octets + "--b--\r\n");
  EXPECT_LT(facts.html.size(), 5U);
  EXPECT_NE(Said(kTextUnread, facts), "");
  EXPECT_EQ(Said(kMessageEmpty, facts), "");
}

}  // namespace
}  // namespace postern

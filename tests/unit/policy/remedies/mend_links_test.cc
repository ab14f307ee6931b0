// The remedies of links: each on a message as it would be gathered.

#include <gtest/gtest.h>

#include "policy/message/mime.h"
#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

using Mending = bool (*)(const Facts&, Message*);

// A message of this type and body, with what its links are.
Facts Gathered(const std::string& type, const std::string& encoding,
               const std::string& body) {
  FactsBuilder builder;
  builder.Field("Content-Type", type)
      .Field("Content-Transfer-Encoding", encoding);
  builder.message().body = Body::FromString(body);
  const MimeStructure mime =
      ReadMime(builder.message().header, builder.message().body);
  for (const Link& link : LinksOf(mime))
    builder.Linked(link.url, link.text, link.origin);
  Facts facts = builder.BuildLinked();
  facts.mime = mime;
  return facts;
}

std::string After(Mending remedy, const Facts& facts) {
  Message message = *facts.message;
  const bool is_changed = remedy(facts, &message);
  EXPECT_EQ(is_changed, message.body.bytes() != facts.message->body.bytes());
  return std::string(message.body.bytes());
}

std::string AfterHtml(Mending remedy, const std::string& html) {
  return After(remedy, Gathered("text/html; charset=utf-8", "7bit", html));
}

TEST(ShowTrueTarget, WritesAsMuchAsWasShown) {
  EXPECT_EQ(AfterHtml(ShowTrueTarget,
                      "<a href=\"https://evil.example.net/a?b&amp;c\">"
                      "www.paypal.com</a>\r\n"),
            "<a href=\"https://evil.example.net/a?b&amp;c\">evil.example.net"
            "</a>\r\n");
  EXPECT_EQ(AfterHtml(ShowTrueTarget,
                      "<a href=\"https://evil.example.net/a?b&amp;c\">"
                      "https://www.paypal.com/login</a>\r\n"),
            "<a href=\"https://evil.example.net/a?b&amp;c\">"
            "https://evil.example.net/a?b&amp;c</a>\r\n");
}

TEST(ShowTrueTarget, LeavesTrueTextAlone) {
  const std::string html =
      "<a href=\"https://www.example.net/\">example.net</a> "
      "<a href=\"https://www.example.net/\">Read on</a>\r\n";
  EXPECT_EQ(AfterHtml(ShowTrueTarget, html), html);
}

TEST(DropUserinfo, InHtmlAndInText) {
  EXPECT_EQ(AfterHtml(DropUserinfo,
                      "<a href=\"https://bank.example@a.example:8080/x?y@z\">t"
                      "</a> see https://u:p@b.example/ now\r\n"),
            "<a href=\"https://a.example:8080/x?y@z\">t"
            "</a> see https://b.example/ now\r\n");
  EXPECT_EQ(After(DropUserinfo,
                  Gathered("text/plain", "quoted-printable",
                           "See https://bank.example@a.example/ and=\r\n"
                           " mail joe@a.example\r\n")),
            "See https://a.example/ and mail joe@a.example\r\n");
}

TEST(NormaliseLinks, WritesAsBrowsersRead) {
  EXPECT_EQ(AfterHtml(NormaliseLinks,
                      "<a href='https:\\\\www.%65xample.net\\a\\b?c'>t</a>"
                      "<a href=\"https://a.example/%65\">u</a>\r\n"),
            "<a href='https://www.example.net/a/b?c'>t</a>"
            "<a href=\"https://a.example/%65\">u</a>\r\n");
}

TEST(RemoveDangerousLinks, KeepsWhatTheyShow) {
  EXPECT_EQ(AfterHtml(RemoveDangerousLinks,
                      "<a href=\"javascript:alert(1)\">t</a> "
                      "<a href=\"https://a.example/\">u</a>\r\n"),
            "<a >t</a> <a href=\"https://a.example/\">u</a>\r\n");
}

Facts Listed(Facts facts, const std::string& domain) {
  facts.linking.listings.push_back(
      {.zone = "dbl.example", .subject = domain, .listed = "spam"});
  return facts;
}

TEST(RemoveListedLinks, InAllPlaces) {
  const std::string html =
      "<a href=\"https://www.bad-site.net/a\">t</a>"
      "<img src=\"https://www.bad-site.net/b\"> "
      "https://www.bad-site.net/c https://a.example/\r\n";
  EXPECT_EQ(After(RemoveListedLinks,
                  Listed(Gathered("text/html", "7bit", html), "bad-site.net")),
            "<a >t</a><img > [link removed] https://a.example/\r\n");
}

TEST(RemoveListedLinks, NotWhenTheSenderIsListed) {
  const std::string html = "<a href=\"https://bad-site.net/a\">t</a>\r\n";
  const Facts facts =
      Listed(Listed(Gathered("text/html", "7bit", html), "bad-site.net"),
             "example.org");
  EXPECT_EQ(After(RemoveListedLinks, facts), html);
}

TEST(MendLinks, LeavesWhatOthersSigned) {
  Facts facts =
      Gathered("text/html", "7bit",
               "<a href=\"https://bank.example@a.example/\">t</a>\r\n");
  facts.is_body_covered = true;
  Message message = *facts.message;
  EXPECT_FALSE(DropUserinfo(facts, &message));
}

TEST(MendLinks, LeavesCharsetsInWhichOctetsAreNotAscii) {
  const std::string html =
      "<a href=\"https://bank.example@a.example/\">t</a>\r\n";
  EXPECT_EQ(After(DropUserinfo,
                  Gathered("text/html; charset=iso-2022-jp", "7bit", html)),
            html);
}

TEST(RemoveActiveContent, ThenLinksInTheSameMessage) {
  const Facts facts = Gathered("text/html", "base64",
                               "PHNjcmlwdD54PC9zY3JpcHQ+PGEgaHJlZj0iaHR0cHM6Ly9"
                               "1QGEuZXhhbXBsZS8iPnQ8L2E+DQo=\r\n");
  Message message = *facts.message;
  EXPECT_TRUE(RemoveActiveContent(facts, &message));
  EXPECT_TRUE(DropUserinfo(facts, &message));
  EXPECT_EQ(ReadMime(message.header, message.body).parts.front().text,
            "<a href=\"https://a.example/\">t</a>\r\n");
}

}  // namespace
}  // namespace postern

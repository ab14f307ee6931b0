#include "policy/message/url.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(ParseUrl, GivesEveryPart) {
  const auto url = ParseUrl(" HTTPS://u:p@B.example:8443/a/b?c=d&e#f ");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->userinfo, "u:p");
  EXPECT_EQ(url->host, "b.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path(), "/a/b");
  EXPECT_EQ(url->query(), "c=d&e");
  EXPECT_EQ(url->fragment(), "f");
}

TEST(ParseUrl, KnowsTheSchemesOwnPort) {
  EXPECT_EQ(ParseUrl("https://a:443/")->port, std::nullopt);
  EXPECT_EQ(ParseUrl("http://a:443/")->port, 443);
  EXPECT_EQ(ParseUrl("http://a:/")->port, std::nullopt);
  EXPECT_FALSE(ParseUrl("http://a:65536/"));
}

TEST(ParseUrl, RemembersHowItWasWritten) {
  EXPECT_TRUE(ParseUrl("http:\\\\a/")->has_backslash);
  EXPECT_TRUE(ParseUrl("http:a/")->has_odd_slashes);
  EXPECT_TRUE(ParseUrl("http://%61/")->has_escaped_host);
  const auto plain = ParseUrl("http://a/%61?\\");
  EXPECT_FALSE(plain->has_backslash || plain->has_odd_slashes ||
               plain->has_escaped_host);
}

TEST(ParseUrl, LeavesOtherSchemesTheirHosts) {
  EXPECT_EQ(ParseUrl("mailto:a@b.example")->host_kind, Url::HostKind::kNone);
  EXPECT_EQ(ParseUrl("foo://EXAMPLE/x")->host, "EXAMPLE");
  EXPECT_EQ(ParseUrl("file:///etc/passwd")->host, "");
  EXPECT_EQ(ParseUrl("file://server/x")->host, "server");
}

TEST(ParseUrl, RefusesWhatBrowsersRefuse) {
  for (const char* url :
       {"", "a.example", "http://", "http://a b/", "http://@/", "http://[::1",
        "http://xn--a/", "http://1.2.3.4.5/", "http://a%2fb/", "//a.example"})
    EXPECT_FALSE(ParseUrl(url)) << url;
}

TEST(QueryValue, TakesTheFirstOfThatNameDecoded) {
  EXPECT_EQ(QueryValue("a=1&url=https%3A%2F%2Fx+y&url=2", "url"),
            "https://x y");
  EXPECT_EQ(QueryValue("curl=1&url", "url"), std::nullopt);
  EXPECT_EQ(QueryValue("u=%zz%4", "u"), "%zz%4");
}

}  // namespace
}  // namespace postern

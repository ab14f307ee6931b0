#include <utility>

#include <gtest/gtest.h>

#include "policy/message/links.h"

namespace postern {
namespace {

TEST(HostOfUrl, ReadsAsBrowsersDo) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"http://example.com/x", "example.com"},
      {"HTTPS://EXAMPLE.com:8080?x", "example.com"},
      {"https://good.example\\@evil.example/", "good.example"},
      {"https://good.example@evil.example/", "evil.example"},
      {"https://a@b@evil.example#@x", "evil.example"},
      {"http:\\\\evil.example", "evil.example"},
      {"http:evil.example", "evil.example"},
      {"http:////evil.example", "evil.example"},
      {"//evil.example/x", "evil.example"},
      {"\\\\evil.example", "evil.example"},
      {"www.example.com:80/x", "www.example.com"},
      {"ht\ntp://ev\til.example", "evil.example"},
      {" \x01http://evil.example ", "evil.example"},
      {"http://evil\xef\xbc\x8e"
       "example",
       "evil.example"},
      {"http://b\xc3\xbc"
       "cher.example",
       "xn--bcher-kva.example"},
      {"http://b%C3%BCcher.example", "xn--bcher-kva.example"},
      {"http://%65vil.example", "evil.example"},
      {"http://ev\xc2\xad"
       "il.example",
       "evil.example"},
      {"http://evil.example./", "evil.example"},
      {"ftp://evil.example", "evil.example"},
      {"", ""},
      {"http://", ""},
      {"/path", ""},
      {"#top", ""},
      {"page.html", ""},
      {"mailto:a@b.example", ""},
      {"tel:+123", ""},
      {"javascript://evil.example/", ""},
      {"http://a..b/", ""},
      {"http://.../", ""},
      {"http://a b/", ""},
      {"http://a%00b/", ""},
      {"http://a%20b/", ""},
      {"http://evil.example:99999/", ""},
      {"http://evil.example:x/", ""},
      {std::string_view("http://a\0b/", 11), ""},
  };
  for (const auto& [url, expected] : cases) {
    EXPECT_EQ(HostOfUrl(url).host, expected) << url;
    EXPECT_FALSE(HostOfUrl(url).is_numeric) << url;
  }
}

TEST(HostOfUrl, KnowsEveryNotationOfAnAddress) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://127.0.0.1/", "127.0.0.1"},
      {"http://0x7f.1/", "127.0.0.1"},
      {"http://2130706433", "127.0.0.1"},
      {"http://017700000001", "127.0.0.1"},
      {"http://0177.0.0.01.", "127.0.0.1"},
      {"http://127.0.0.0x1", "127.0.0.1"},
      {"http://0x", "0.0.0.0"},
      {"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1", "127.0.0.1"},
      {"http://1%32%37.1", "127.0.0.1"},
      {"http://[2001:DB8::1]:80/", "2001:db8::1"},
      {"http://u@[::1]", "::1"},
  };
  for (const auto& [url, expected] : cases) {
    EXPECT_EQ(HostOfUrl(url).host, expected) << url;
    EXPECT_TRUE(HostOfUrl(url).is_numeric) << url;
  }
  for (const char* url :
       {"http://1.2.3.4.5", "http://256.1.1.1", "http://1.2.3.08",
        "http://4294967296", "http://a.1", "http://[::1", "http://[1.2.3.4]"})
    EXPECT_EQ(HostOfUrl(url).host, "") << url;
}

TEST(HostOfUrl, TakesLongUrls) {
  EXPECT_EQ(HostOfUrl("http://x.example/" + std::string(1'000'000, '@')).host,
            "x.example");
  EXPECT_EQ(HostOfUrl("http://" + std::string(1'000'000, 'a')).host, "");
}

}  // namespace
}  // namespace postern

#include <utility>

#include <gtest/gtest.h>

#include "policy/message/links.h"

namespace postern {
namespace {

std::string Read(std::string_view text) {
  std::string shown;
  for (const Link& link : LinksOfText(text)) shown += link.url + ";";
  return shown;
}

TEST(LinksOfText, FindsWebAddressesInOrder) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"see http://x.example/a, or (https://y.example).",
       "http://x.example/a;https://y.example;"},
      {"<HTTP://x.example/(a)>", "HTTP://x.example/(a);"},
      {"www.x.example and awww.x.example", "www.x.example;"},
      {"http://www.x.example/www.y", "http://www.x.example/www.y;"},
      {"ftp://x.example a://b ://", ""},
      {"http:// www. www", ""},
      {"a@www.x.example", ""},
      {"", ""},
      {"http://x.example\r\nhttp://y.example\n",
       "http://x.example;http://y.example;"},
      {std::string_view("http://x.example\0y", 18), "http://x.example;"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(Read(text), expected) << text;
}

TEST(LinksOfText, IsLinear) {
  for (const char* piece :
       {"http://", "www.", "://", ".", "http://x.example "}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    EXPECT_LE(LinksOfText(text).size(), 10'000u);
  }
}

TEST(HostShownByText, IsTheHostThatTheTextNames) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://www.bank.com/login", "www.bank.com"},
      {"www.bank.com", "www.bank.com"},
      {"Bank.com", "bank.com"},
      {" bank.co.uk/login ", "bank.co.uk"},
      {"<bank.com>", "bank.com"},
      {"bank.com.", "bank.com"},
      {"b\xc3\xbc"
       "cher.de",
       "xn--bcher-kva.de"},
      {"http://192.0.2.1/", "192.0.2.1"},
      {"report.zip/x", "report.zip"},
      {"Click here", ""},
      {"v1.2", ""},
      {"3.50", ""},
      {"Mr.Smith", ""},
      {"report.pdf", ""},
      {"report.zip", ""},
      {"a@bank.com", ""},
      {"bank.com and more", ""},
      {"", ""},
      {"com", ""},
      {".", ""},
      {"192.0.2.1", ""},
      {"http://localhost/", ""},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(HostShownByText(text), expected) << text;
}

TEST(LinksOf, TakesAllTextParts) {
  MimeStructure structure;
  structure.parts.push_back({.type = "text/plain", .text = "http://x.example"});
  structure.parts.push_back(
      {.type = "text/html", .text = "<a href='http://y.example'>z</a>"});
  structure.parts.push_back({.type = "image/png"});
  const std::vector<Link> links = LinksOf(structure);
  ASSERT_EQ(links.size(), 2u);
  EXPECT_EQ(links[0].host, "x.example");
  EXPECT_EQ(links[1].text, "z");
}

}  // namespace
}  // namespace postern

#include "policy/message/address.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using testing::HasSubstr;

// "name|address" of each mailbox, one after another; or the error.
std::string Read(std::string_view value) {
  const AddressList list = ParseAddressList(value);
  if (!list.error.empty()) return "error: " + list.error;
  std::string shown;
  for (const Mailbox& mailbox : list.mailboxes) {
    shown += mailbox.display_name + "|" + mailbox.address.ToString() + ";";
  }
  return shown;
}

TEST(ParseAddressList, ReadsWellFormedLists) {
  const std::pair<const char*, const char*> cases[] = {
      {" a@b.example", "|a@b.example;"},
      {"Ann <a@b>, B C <c@d>", "Ann|a@b;B C|c@d;"},
      {"\"Doe, \\\"J\\\"\" <a@b>", "Doe, \"J\"|a@b;"},
      {"<a@b>", "|a@b;"},
      {"a@b (a (nested\\)) comment)", "|a@b;"},
      {"(x) Ann (y) <(z) a (p) @ (q) b>", "Ann|a@b;"},
      {"\"a b\"@c", "|\"a b\"@c;"},
      {"\"a.b\"@c", "|a.b@c;"},
      {"\"a\\\"b\"@c", "|\"a\\\"b\"@c;"},
      {"a@[192.0.2.1]", "|a@[192.0.2.1];"},
      {"a@[ x\\\\ y ]", "|a@[x\\\\y];"},
      {"=?utf-8?q?J=C3=B6?= <a@b>", "=?utf-8?q?J=C3=B6?=|a@b;"},
      {"J\xc3\xb6rg <j\xc3\xb6@b.example>", "J\xc3\xb6rg|j\xc3\xb6@b.example;"},
      {"Ann\n <a@b>,\r\n\tc@d", "Ann|a@b;|c@d;"},
      {"!#$%&'*+-/=?^_`{|}~@b", "|!#$%&'*+-/=?^_`{|}~@b;"},
      {"\"\"@b", "|\"\"@b;"},
      // Obsolete forms (RFC 5322 s.4.4)
      {"John Q. Public <a@b>", "John Q. Public|a@b;"},
      {"a@b,,c@d,", "|a@b;|c@d;"},
      {"<@x,@y.z:a@b>", "|a@b;"},
      {"a . b @ c . d", "|a.b@c.d;"},
      {"a.\"b c\"@d", "|a.\"b c\"@d;"},
      // Groups
      {"undisclosed-recipients:;", ""},
      {"A team: a@b, Bo <c@d>;, e@f", "|a@b;Bo|c@d;|e@f;"},
      {"", ""},
      {" (only a comment) ", ""},
  };
  for (const auto& [value, expected] : cases)
    EXPECT_EQ(Read(value), expected) << value;
}

TEST(ParseAddressList, SaysWhatIsWrong) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"\"Ann <a@b>", "unclosed quoted string"},
      {"a@b (x", "unclosed comment"},
      {"a@b;", "';' outside a group"},
      {"foo", "missing '@' in \"foo\""},
      {"Doe, John <a@b>", "missing '@' in \"Doe\" (unquoted ','?)"},
      {"Ann <foo>", "missing '@' in \"foo\""},
      {"<>", "empty address"},
      {"Ann <a@b", "missing '>'"},
      {"a@b <a@b>", "unquoted '@' in a display name"},
      {"a@b c@d", "misplaced '.' or space in the domain"},
      {"a@[1.2.3.4] c@d", "unexpected text after \"a@[1.2.3.4]\""},
      {"<a@b> <c@d>", "unexpected text after"},
      {"a b@c", "misplaced '.' or space in the local part"},
      {".a@b", "local part"},
      {"a..b@c", "local part"},
      {"a.@c", "local part"},
      {"a@b.", "domain"},
      {"a@.b", "domain"},
      {"a@", "nothing after '@'"},
      {"@b", "nothing before '@'"},
      {"a@@b", "unquoted '@'"},
      {"a@\"b\"", "quotes in a domain"},
      {"a@[1.2.3.4", "unclosed '['"},
      {".John <a@b>", "begins with '.'"},
      {"x: a@b", "not closed by ';'"},
      {"x: y: a@b;", "group inside a group"},
      {":;", "group without a name"},
      {"x:; y@z", "missing ',' after a group"},
      {"a) <a@b>", "')' without '('"},
      {"[x] <a@b>", "unquoted '['"},
      {"a@b\rc", "bare CR"},
      {"a@b\n", "bare LF"},
      {"\"a\nb\"@c", "bare LF"},
      {std::string_view("a\0@b", 4), "control character"},
      {",,", "nothing but commas"},
      {"a\\b@c", "unquoted '\\'"},
  };
  for (const auto& [value, expected] : cases)
    EXPECT_THAT(Read(value), HasSubstr(expected)) << value;
}

TEST(ParseAddressList, KnowsEmptyFromGroupAndFault) {
  EXPECT_TRUE(ParseAddressList(" (x)\n ").is_empty);
  EXPECT_FALSE(ParseAddressList("x:;").is_empty);
  EXPECT_TRUE(ParseAddressList("x:;").has_group);
  EXPECT_FALSE(ParseAddressList("foo").is_empty);
}

TEST(ParseAddressList, KeepsTheMailboxesBeforeAFault) {
  const AddressList list = ParseAddressList("a@b, c@d, foo");
  EXPECT_FALSE(list.error.empty());
  EXPECT_EQ(list.mailboxes.size(), 2u);
}

TEST(ParseAddressList, StopsAtItsLimits) {
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "a@b,";
  EXPECT_THAT(Read(many), HasSubstr("10000 mailboxes"));
  EXPECT_EQ(ParseAddressList(many).mailboxes.size(), 10'000u);
  const AddressList deep = ParseAddressList(std::string(200'000, '('));
  EXPECT_THAT(deep.error, HasSubstr("100000 octets"));
}

TEST(PathFault, TakesWhatRfc5321Takes) {
  for (const char* path :
       {"a@b.example", "a.b+c@d", "\"a b\"@c.example", "\"a\\\"@b\"@c",
        "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "@x,@y:a@b",
        "a@xn--bcher-kva.example"})
    EXPECT_EQ(PathFault(path), "") << path;
}

TEST(PathFault, SaysWhatIsWrong) {
  const std::string long_label = "a@" + std::string(64, 'b') + ".example";
  const std::string long_local = std::string(65, 'a') + "@b";
  const std::string long_path = "a@" + std::string(253, 'b');
  const std::pair<std::string_view, const char*> cases[] = {
      {"", "no address"},
      {"a", "missing '@'"},
      {"@b", "nothing before"},
      {"a@", "nothing after"},
      {"a b@c", "unquoted ' '"},
      {"<a@b>", "unquoted '<'"},
      {"a@b>", "'>' in the domain"},
      {".a@b", "misplaced '.'"},
      {"a..b@c", "misplaced '.'"},
      {"a@b.", "ends with '.'"},
      {"a@b..c", "empty label"},
      {"a@-b", "'-'"},
      {"a@b_c", "'_' in the domain"},
      {"a@b@c", "'@' in the domain"},
      {"\"a@b", "unclosed quotes"},
      {"\"a\"b@c", "after a quoted"},
      {"a@[192.0.2]", "not an address literal"},
      {"a@[2001:db8::1]", "not an address literal"},
      {"a@[IPv6:192.0.2.1]", "not an address literal"},
      {"a@[192.0.2.1", "unclosed '['"},
      {"a@b\r\n", "control character"},
      {"a@b\rc", "control character"},
      {std::string_view("a\0@b", 4), "control character"},
      {"j\xc3\xb6@b", "SMTPUTF8"},
      {"a@b\xc3\xb6", "SMTPUTF8"},
      {long_label, "label longer"},
      {long_local, "local part longer than 64"},
      {long_path, "longer than 254"},
  };
  for (const auto& [path, expected] : cases)
    EXPECT_THAT(PathFault(path), HasSubstr(expected)) << path;
}

TEST(ParsePath, SplitsOutsideOfQuotes) {
  EXPECT_EQ(ParsePath("\"a@b\"@c")->domain, "c");
  EXPECT_EQ(ParsePath("@x:a@b")->local_part, "a");
  EXPECT_EQ(ParsePath("j\xc3\xb6@b")->domain, "b");
  EXPECT_FALSE(ParsePath("a@b@c"));
  EXPECT_FALSE(ParsePath(""));
}

TEST(DomainOf, IsTheComparableName) {
  EXPECT_EQ(DomainOf("A@EXAMPLE.com")->text(), "example.com");
  EXPECT_EQ(DomainOf("a@b\xc3\xbc"
                     "cher.example")
                ->text(),
            "xn--bcher-kva.example");
  EXPECT_FALSE(DomainOf("a@[192.0.2.1]"));
  EXPECT_FALSE(DomainOf("postmaster"));
}

}  // namespace
}  // namespace postern

#include "policy/signing/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postern {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const TableSource kFile{TableForm::kFile, "t"};
const TableSource kRefile{TableForm::kRefile, "t"};

std::string KeyFault(const std::string& text,
                     const TableSource& source = kFile) {
  const auto table = KeyTable::Parse(text, source);
  return table ? "none" : table.error().message;
}

// A key table of these names, all alike.
std::unique_ptr<const KeyTable> Keys(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + " %:s:/k.pem\n";
  return *KeyTable::Parse(text, kFile);
}

// The names of the keys for an author, in order.
std::vector<std::string> Match(const std::string& table,
                               const TableSource& source,
                               const std::string& address) {
  const auto keys = Keys({"a", "b", "c", "d"});
  const auto read = SigningTable::Parse(table, source, *keys);
  if (!read) return {read.error().message};
  const std::size_t at = address.rfind('@');
  std::vector<std::string> names;
  for (const SigningRow& row : (*read)->Match(
           address.substr(0, at), *Domain::Parse(address.substr(at + 1))))
    names.push_back(row.key_name);
  return names;
}

TEST(KeyTable, ReadsRowsBlanksAndComments) {
  const auto table = *KeyTable::Parse(
      "# keys\n\n  k1\t example.com:s1:/etc/k1.pem  # old\r\nk2 %:s2:MII=",
      kFile);
  const KeyRow first = *table->Find("k1");
  EXPECT_EQ(first.domain, "example.com");
  EXPECT_EQ(first.selector, "s1");
  EXPECT_EQ(first.key, "/etc/k1.pem");
  EXPECT_TRUE(first.IsPath());
  EXPECT_FALSE(table->Find("k2")->IsPath());
  EXPECT_EQ(table->PlaceOf(1), "t:4");
  EXPECT_FALSE(table->Find("K1"));
  EXPECT_FALSE(table->Find("k3"));
}

TEST(KeyTable, TakesTheFirstOfTwoRows) {
  const auto table =
      *KeyTable::Parse("k a.example:s:/1\nk b.example:s:/2\n", kFile);
  EXPECT_EQ(table->Find("k")->domain, "a.example");
}

TEST(KeyTable, NamesTheLineThatIsWrong) {
  EXPECT_THAT(KeyFault("\nk\n"), HasSubstr("t:2: nothing after \"k\""));
  EXPECT_THAT(KeyFault("k a.example:s\n"), HasSubstr("t:1: not DOMAIN:"));
  EXPECT_THAT(KeyFault("k :s:/k\n"), HasSubstr("t:1: not DOMAIN:"));
  EXPECT_THAT(KeyFault("k a..b:s:/k\n"), HasSubstr("t:1: not a domain"));
  EXPECT_THAT(KeyFault("k a.example:s..t:/k\n"), HasSubstr("not a selector"));
  EXPECT_THAT(KeyFault("k a.example : s : /k\n"), HasSubstr("t:1: not a "));
}

TEST(KeyTable, RefusesWhatIsNoTable) {
  EXPECT_THAT(KeyFault(std::string("k\0 a", 4)), HasSubstr("t:1: a NUL"));
  EXPECT_THAT(KeyFault(std::string(70'000, 'x')),
              HasSubstr("t:1: a line of more than 64 KiB"));
  EXPECT_THAT(KeyTable::Read("/nowhere/t").error().message,
              HasSubstr("/nowhere/t: No such file"));
  EXPECT_THAT(KeyTable::Read("file:/tmp").error().message,
              HasSubstr("not a regular file"));
}

TEST(KeyTable, MatchesPatternsInARefile) {
  const auto table =
      *KeyTable::Parse("x*z a.example:s:/1\n* b.example:s:/2\n", kRefile);
  EXPECT_EQ(table->Find("xyz")->domain, "a.example");
  EXPECT_EQ(table->Find("xy")->domain, "b.example");
  EXPECT_EQ(table->Find("XYZ")->domain, "b.example");
}

TEST(SigningTable, LooksInTheOrderOfTheManual) {
  const std::string names =
      "* d\nuser@* d\n.example d\nuser@.example d\n.b.example c\n"
      "user@.b.example c\na.b.example b\nuser@a.b.example a\n";
  EXPECT_THAT(Match(names, kFile, "user@a.b.example"),
              ElementsAre("a", "b", "c", "c", "d", "d", "d", "d"));
  EXPECT_THAT(Match(names, kFile, "USER@A.B.Example").front(), "a");
  EXPECT_THAT(Match("a.b.example a\n", kFile, "x@b.example"), ElementsAre());
  EXPECT_THAT(Match("*@b.example a\n", kFile, "x@b.example"), ElementsAre());
}

TEST(SigningTable, KeepsTheOrderOfARefile) {
  const std::string patterns =
      "bob@b.example a\n*@*.B.example b\n*@b.example c\n*b.exam*e d\n";
  EXPECT_THAT(Match(patterns, kRefile, "bob@b.example"),
              ElementsAre("a", "c", "d"));
  EXPECT_THAT(Match(patterns, kRefile, "x@y.z.b.example"),
              ElementsAre("b", "d"));
  EXPECT_THAT(Match(patterns, kRefile, "x@a.example"), ElementsAre());
  EXPECT_THAT(Match("* a\nbob@b.example b\n", kRefile, "bob@b.example"),
              ElementsAre("a", "b"));
}

TEST(SigningTable, PassesOverALineThatBeginsWithABlankInARefile) {
  EXPECT_THAT(Match(" *@b.example a\n", kRefile, "x@b.example"), ElementsAre());
}

TEST(SigningTable, HasNoRegularExpressions) {
  EXPECT_THAT(Match("*@b.example a\n", kRefile, "x@bxexample"), ElementsAre());
  EXPECT_THAT(Match("[a-z]+@b.example a\n", kRefile, "x@b.example"),
              ElementsAre());
}

TEST(SigningTable, WantsTheKeysItNames) {
  EXPECT_THAT(Match("\n* nokey\n", kFile, "a@b.example"),
              ElementsAre("t:2: the key table has no key named \"nokey\""));
  EXPECT_THAT(Match("* :x\n", kFile, "a@b.example"),
              ElementsAre("t:1: names no key"));
  EXPECT_THAT(Match("* %\n", kFile, "a@b.example"), ElementsAre("b.example"));
}

TEST(SigningTable, NamesTheSigner) {
  const auto keys = Keys({"a"});
  const auto table = *SigningTable::Parse("* a:%@x.%\n", kFile, *keys);
  EXPECT_EQ(table->Match("u", *Domain::Parse("b.example"))[0].signer,
            "b.example@x.b.example");
}

// Stars that all but match must not cost more than their number.
TEST(SigningTable, IsNotSlowedByAHostileName) {
  const std::string pattern = "*a*a*a*a*a*a*a*a*a*a*a*a*b.example.c";
  const std::string user(250, 'a');
  EXPECT_THAT(Match(pattern + " a\n", kRefile, user + "@b.example"),
              ElementsAre());
  EXPECT_THAT(Match("* a\n", kRefile, std::string(100'000, '@') + "@b.example"),
              ElementsAre());
}

TEST(ParseTableSource, TakesTheFormsOfOpendkimConf) {
  EXPECT_EQ(ParseTableSource("/k").form, TableForm::kFile);
  EXPECT_EQ(ParseTableSource("file:/k").file, "/k");
  EXPECT_EQ(ParseTableSource("refile:/k").form, TableForm::kRefile);
  EXPECT_EQ(ParseTableSource("refile:/k").file, "/k");
}

}  // namespace
}  // namespace postern

#include "policy/facts/archive.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/archives.h"

namespace postern {
namespace {

ArchiveListing List(const std::string& octets, std::string_view name = "a",
                    FileFormat format = FileFormat::kOther) {
  PartContent content = PartContent::Of(octets);
  WorkBudget budget(1'000'000);  // sanitizers are slow
  if (format == FileFormat::kOther) format = TypeBySignature(octets).format;
  return ListArchive(&content, format, name, {}, &budget);
}

std::vector<std::string> Names(const ArchiveListing& listing) {
  std::vector<std::string> names;
  for (const ArchiveMember& member : listing.members)
    names.push_back(member.name);
  return names;
}

const std::vector<TestMember> kTwo = {{"a.txt", "hello"},
                                      {"sub/b.exe", "MZ..."}};

TEST(Archive, ListsEveryFormat) {
  for (const char* format :
       {"zip", "7zip", "ustar", "ustar+gzip", "ustar+bzip2", "ustar+xz"}) {
    const ArchiveListing listing = List(MakeArchive(format, kTwo));
    EXPECT_EQ(Names(listing), (std::vector<std::string>{"a.txt", "sub/b.exe"}))
        << format;
    EXPECT_EQ(listing.unpacked_bytes, 10) << format;
    EXPECT_FALSE(listing.IsEncrypted() || listing.is_damaged) << format;
    EXPECT_EQ(listing.nesting, 0) << format;
  }
}

std::string Octets(std::string_view hexadecimal) {
  std::string octets;
  for (std::size_t i = 0; i + 2 <= hexadecimal.size(); i += 2)
    octets += static_cast<char>(
        std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
  return octets;
}

// What the checksums in the headers below are of.
std::string Program() {
  return "MZ" + std::string(58, '\0') + std::string("\x40\0\0\0PE\0\0", 8) +
         std::string(20, '\0');
}

// One stored file "run.exe" each; there is no free writer.
TEST(Archive, ListsRar) {
  // RAR 5.0: main header, file header, end.
  std::string five = Octets(
      "526172211a070100c51a3332030100001cea54211602025804"
      "58a483026242558100010772756e2e657865");
  five += Program() + Octets("19b23a3503050000");
  // RAR 4: likewise.
  std::string four = Octets(
      "526172211a0700cf907300000d00000000000000787f740080270058000000580000"
      "0003624255810000215c14300700a481000072756e2e657865");
  four += Program() + Octets("c43d7b00400700");
  for (const std::string& rar : {five, four}) {
    const ArchiveListing listing = List(rar);
    EXPECT_EQ(Names(listing), std::vector<std::string>{"run.exe"});
    EXPECT_EQ(listing.unpacked_bytes, 88);
    EXPECT_FALSE(listing.IsEncrypted() || listing.is_damaged);
  }
}

TEST(Archive, NamesTheOneFileOfAFilter) {
  const ArchiveListing listing =
      List(MakeArchive("raw+gzip", {{"x", "MZ..."}}), "report.exe.gz");
  EXPECT_EQ(Names(listing), std::vector<std::string>{"report.exe"});
  EXPECT_EQ(listing.unpacked_bytes, 5);
}

TEST(Archive, SeesArchivesWithin) {
  const std::string inner = MakeArchive("zip", kTwo);
  const ArchiveListing listing =
      List(MakeArchive("ustar+gzip", {{"inner.zip", inner}}));
  EXPECT_EQ(Names(listing),
            (std::vector<std::string>{"inner.zip", "a.txt", "sub/b.exe"}));
  EXPECT_EQ(listing.nesting, 1);
  EXPECT_EQ(listing.members.back().depth, 1);
}

TEST(Archive, StopsAtADepth) {
  std::string octets = MakeArchive("zip", kTwo);
  for (int i = 0; i < 6; ++i)
    octets = MakeArchive("zip", {{"next.zip", octets}});
  const ArchiveListing listing = List(octets);
  EXPECT_TRUE(listing.is_nested_too_deep);
  EXPECT_EQ(listing.nesting, ArchiveListing::kMaxDepth);
}

TEST(Archive, SeesEncryption) {
  const ArchiveListing listing =
      List(MakeArchive("zip", {{"inner.zip", "PK"}}, "secret"));
  EXPECT_TRUE(listing.has_encrypted_members);
  ASSERT_EQ(listing.members.size(), 1U);
  EXPECT_TRUE(listing.members[0].is_encrypted);
}

TEST(Archive, CallsDamageDamage) {
  std::string octets = MakeArchive("zip", kTwo);
  octets.resize(octets.size() / 2);
  EXPECT_TRUE(List(octets).is_damaged);
  EXPECT_TRUE(List("PK\x03\x04").is_damaged);
  EXPECT_TRUE(List("7z\xbc\xaf\x27\x1c").is_damaged);
  EXPECT_TRUE(List("Rar!\x1a\x07", "a", FileFormat::kRar).is_damaged);
}

TEST(ArchiveBomb, ManyMembersAreNotListed) {
  std::vector<TestMember> members(ArchiveListing::kMaxMembers + 1);
  for (std::size_t i = 0; i < members.size(); ++i)
    members[i].name = std::to_string(i);
  const ArchiveListing listing = List(MakeArchive("zip", members));
  EXPECT_TRUE(listing.has_too_many_members);
  EXPECT_TRUE(listing.members.empty());
}

TEST(ArchiveBomb, MuchOfLittleIsGivenUp) {
  const std::string zeros(32 * 1024 * 1024, '\0');
  for (const char* format :
       {"raw+gzip", "raw+bzip2", "raw+xz", "ustar+gzip", "7zip", "zip"}) {
    const std::string octets = MakeArchive(format, {{"zeros", zeros}});
    const ArchiveListing listing = List(octets, "zeros.gz");
    EXPECT_GT(listing.unpacked_bytes,
              static_cast<std::int64_t>(100 * octets.size()))
        << format;
    EXPECT_EQ(listing.is_over_limit, std::string_view(format) != "zip")
        << format;
  }
}

TEST(ArchiveBomb, SpendsNoMoreThanItsBudget) {
  const std::string zeros(3 * 1024 * 1024, '\0');
  std::vector<TestMember> members(20);
  for (std::size_t i = 0; i < members.size(); ++i)
    members[i] = {std::to_string(i) + ".gz",
                  MakeArchive("raw+gzip", {{"zeros", zeros}})};
  EXPECT_TRUE(List(MakeArchive("zip", members)).is_over_limit);
}

}  // namespace
}  // namespace postern

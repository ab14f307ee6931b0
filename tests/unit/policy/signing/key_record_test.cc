#include "policy/signing/key_record.h"

#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

TEST(KeyRecord, ReadsEveryTag) {
  const auto record = ParseKeyRecord(
      "v=DKIM1; h=sha1 : sha256; k=ed25519; n=note; s=email; t=y:s; p=YWJj; "
      "x=");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key_type, "ed25519");
  EXPECT_EQ(record->public_key, "abc");
  EXPECT_EQ(record->flags, (std::vector<std::string>{"y", "s"}));
  EXPECT_TRUE(record->AllowsSha256());
  EXPECT_TRUE(record->AllowsEmail());
}

TEST(KeyRecord, HasTheDefaultsOfTheRfc) {
  const auto record = ParseKeyRecord("p=YWJj");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->version, "DKIM1");
  EXPECT_EQ(record->key_type, "rsa");
  EXPECT_TRUE(record->AllowsSha256());
  EXPECT_TRUE(record->AllowsEmail());
}

TEST(KeyRecord, MayBeSplitByWhiteSpace) {
  EXPECT_EQ(ParseKeyRecord("p = YW\r\n Jj\t;")->public_key, "abc");
}

TEST(KeyRecord, SaysWhatItIsNotFor) {
  EXPECT_FALSE(ParseKeyRecord("h=sha1; p=YWJj")->AllowsSha256());
  EXPECT_FALSE(ParseKeyRecord("s=tlsrpt; p=YWJj")->AllowsEmail());
  EXPECT_TRUE(ParseKeyRecord("s=tlsrpt:*; p=YWJj")->AllowsEmail());
}

TEST(KeyRecord, IsRevokedByAnEmptyKey) {
  EXPECT_EQ(ParseKeyRecord("v=DKIM1; p=")->public_key, "");
}

TEST(KeyRecord, OfAnotherVersionIsNotRead) {
  EXPECT_EQ(ParseKeyRecord("v=spf1 -all")->version, "spf1 -all");
}

TEST(KeyRecord, RefusesMalformedOnes) {
  for (const std::string& text :
       {std::string(""), std::string("v=DKIM1"), std::string("p"),
        std::string("p=YWJj; p=YWJj"), std::string("k=rsa; v=DKIM1; p=YWJj"),
        std::string("p=???"), std::string("p=YWJ"), std::string("h=; p=YWJj"),
        std::string("s=a::b; p=YWJj"), std::string("p=YWJj\0", 7),
        std::string("p=YWJj; n=\xc3\xa9"), std::string("p=YWJj;;")})
    EXPECT_FALSE(ParseKeyRecord(text)) << text;
}

}  // namespace
}  // namespace postern

#include "policy/base/domain.h"

#include <gtest/gtest.h>

#include "policy/base/public_suffix.h"

namespace postern {
namespace {

TEST(Domain, IsLowerCaseWithoutTheLastDot) {
  EXPECT_EQ(Domain::Parse("Mail.Example.ORG.")->text(), "mail.example.org");
}

TEST(Domain, ConvertsULabels) {
  EXPECT_EQ(Domain::Parse("bücher.example")->text(), "xn--bcher-kva.example");
}

TEST(Domain, RefusesWhatIsNoName) {
  for (const char* text :
       {"", ".", "a..b", ".a", "a b", "[192.0.2.1]", "a@b", "\xff\xfe.example"})
    EXPECT_FALSE(Domain::Parse(text)) << text;
  EXPECT_FALSE(Domain::Parse(std::string(64, 'a') + ".example"));
  EXPECT_FALSE(Domain::Parse(std::string(2000, 'a')));
}

TEST(Domain, ContainsItselfAndWhatIsBelow) {
  const Domain org = *Domain::Parse("example.org");
  EXPECT_TRUE(org.IsWithin(org));
  EXPECT_TRUE(Domain::Parse("a.example.org")->IsWithin(org));
  EXPECT_FALSE(Domain::Parse("badexample.org")->IsWithin(org));
  EXPECT_FALSE(Domain::Parse("org")->IsWithin(org));
}

TEST(Domain, HasAParentUntilASingleLabel) {
  EXPECT_EQ(Domain::Parse("a.b.c")->Parent()->text(), "b.c");
  EXPECT_FALSE(Domain::Parse("c")->Parent());
}

TEST(RegistrableDomain, FollowsThePublicSuffixList) {
  EXPECT_EQ(RegistrableDomain(*Domain::Parse("a.b.example.co.uk"))->text(),
            "example.co.uk");
  EXPECT_FALSE(RegistrableDomain(*Domain::Parse("co.uk")));
}

}  // namespace
}  // namespace postern

#include "policy/message/reroute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using testing::ElementsAre;

const Domain kRoute = *Domain::Parse("backup.egress.invalid");

TEST(Rerouted, CarriesTheRecipientAndNamesHimInOrcpt) {
  const auto path = Rerouted({"b+x=y@Example.NET", {"NOTIFY=NEVER"}}, kRoute);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->address, "b+x=y%example.net@backup.egress.invalid");
  EXPECT_THAT(path->args, ElementsAre("NOTIFY=NEVER",
                                      "ORCPT=rfc822;b+2Bx+3Dy@Example.NET"));
}

TEST(Rerouted, KeepsTheOrcptThatIsThere) {
  const auto path = Rerouted({"b@x.y", {"orcpt=rfc822;a@b"}}, kRoute);
  ASSERT_TRUE(path);
  EXPECT_THAT(path->args, ElementsAre("orcpt=rfc822;a@b"));
}

TEST(Rerouted, RefusesWhatCannotBeFoundAgain) {
  for (const char* address :
       {"a%b@example.net", "a!b@example.net", "\"a b\"@example.net",
        "a@[192.0.2.1]", "nobody", ""})
    EXPECT_FALSE(Rerouted({address, {}}, kRoute)) << address;
  EXPECT_FALSE(Rerouted({std::string(240, 'a') + "@example.net", {}}, kRoute));
}

}  // namespace
}  // namespace postern

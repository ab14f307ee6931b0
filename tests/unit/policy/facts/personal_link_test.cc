#include "policy/facts/personal_link.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(MayBePersonal, IsNotACodeOfTheShorteners) {
  for (const char* url :
       {"https://sho.rt/3abcDEF", "https://sho.rt/summer-sale-2026",
        "http://sho.rt/a/b_c", "https://sho.rt/42", "https://sho.rt/deadbeef"})
    EXPECT_FALSE(MayBePersonal(*ParseUrl(url))) << url;
}

TEST(MayBePersonal, IsWhatCarriesMoreThanACode) {
  for (const char* url :
       {"https://sho.rt/", "https://sho.rt", "https://sho.rt/x?u=1",
        "https://sho.rt/x#bob", "https://bob@sho.rt/x",
        "https://sho.rt/bob@receiver.example",
        "https://sho.rt/u/bob%40receiver.example",
        // MD5 of an address, an UUID, base64 of "bob@receiver.example"
        "https://sho.rt/4b9bb80620f03eb3719e0a061c14283d",
        "https://sho.rt/123e4567-e89b-12d3-a456-426614174000",
        "https://sho.rt/Ym9iQHJlY2VpdmVyLmV4YW1wbGU",
        "https://sho.rt/abcdefghijklmnopqrstuvwxyzabcdefghijklmno"})
    EXPECT_TRUE(MayBePersonal(*ParseUrl(url))) << url;
}

TEST(NamesOneOf, FindsTheLocalPart) {
  const std::vector<std::string> addresses = {"a@x.example",
                                              "Bob@receiver.example"};
  EXPECT_TRUE(NamesOneOf(*ParseUrl("https://sho.rt/for-bob"), addresses));
  EXPECT_TRUE(NamesOneOf(*ParseUrl("https://sho.rt/for-%42OB"), addresses));
  EXPECT_FALSE(NamesOneOf(*ParseUrl("https://sho.rt/for-alice"), addresses));
}

}  // namespace
}  // namespace postern

#include "policy/facts/link_list.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace postern {
namespace {

std::shared_ptr<const std::vector<Link>> Three() {
  return std::make_shared<const std::vector<Link>>(
      std::vector<Link>{{.url = "a"}, {.url = "b"}, {.url = "c"}});
}

std::string Urls(const LinkList& links) {
  std::string urls;
  for (const Link& link : links) urls += link.url;
  return urls;
}

TEST(LinkList, HasTheLinksInOrder) {
  LinkList links;
  EXPECT_TRUE(links.empty());
  links.Share(Three(), 10);
  links.Add({.url = "d"});
  links.Share(Three(), 2);
  links.Share(nullptr, 2);
  EXPECT_EQ(Urls(links), "abcdab");
  EXPECT_EQ(links.size(), 6U);
  EXPECT_EQ(links[3].url, "d");
}

TEST(LinkList, SharesAndKeepsTheLinks) {
  const auto shared = Three();
  LinkList copy;
  {
    LinkList links;
    links.Share(shared, 3);
    links.Add({.url = "a link that is long enough to be on the heap"});
    copy = links;
  }
  EXPECT_EQ(&copy[1], &shared->at(1));
  EXPECT_EQ(copy[3].url, "a link that is long enough to be on the heap");
}

}  // namespace
}  // namespace postern

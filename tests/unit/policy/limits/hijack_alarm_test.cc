#include "policy/limits/history/hijack_alarm.h"

#include <cstdio>
#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace postern {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const TimePoint kStart{days(20'000)};
const std::string kLogin = "login=alice";

// A login with a history, and the ways in which it sends.
class Mailbox {
 public:
  explicit Mailbox(std::uint32_t seed) : random_(seed) {
    history_ = std::move(*History::Open("", {}, clock_));
  }

  // 0 to most, the low more often.
  int Some(int most) {
    return std::min(std::uniform_int_distribution<>(0, most)(random_),
                    std::uniform_int_distribution<>(0, most)(random_));
  }
  std::string Known(int among) { return Person(Some(among)); }
  std::string Stranger() { return Person(1'000'000 + strangers_++); }

  // False: it was held, nothing left.
  bool Send(const std::vector<std::string>& recipients,
            const std::string& network) {
    ++sent_;
    const auto visit = history_->Begin(kLogin);
    for (const std::string& recipient : recipients) (void)visit->Add(recipient);
    verdict_ = JudgeLogin(kLogin, {}, clock_, history_.get());
    if (verdict_.is_new) ++alarms_;
    if (verdict_.is_alarmed) return false;
    history_->Remember(
        kLogin, {recipients, "alice@example.com", IpAddress::Parse(network)});
    return true;
  }
  void Refused(int recipients) {
    if (recipients > 0) history_->Refused(kLogin, recipients);
  }
  void Sleep() { clock_.Advance(days(1)); }

  std::mt19937& random() { return random_; }
  [[nodiscard]] int alarms() const { return alarms_; }
  [[nodiscard]] int sent() const { return sent_; }
  [[nodiscard]] History* history() { return history_.get(); }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] const LoginVerdict& verdict() const { return verdict_; }

 private:
  static std::string Person(int number) {
    return "p" + std::to_string(number) + "@d" + std::to_string(number / 3) +
           ".example";
  }

  ManualClock clock_{kStart};
  std::mt19937 random_;
  std::unique_ptr<History> history_;
  LoginVerdict verdict_;
  int strangers_ = 0;
  int alarms_ = 0;
  int sent_ = 0;
};

std::string Network(int number) {
  return "10." + std::to_string(number / 250) + "." +
         std::to_string(number % 250) + ".1";
}

// One day of each kind of user.
using Habit = std::function<void(Mailbox*, int day)>;

// Some letters, hardly any new people; journeys; a letter to all the club.
void Person(Mailbox* user, int day) {
  const int letters = user->Some(20);
  for (int i = 0; i < letters; ++i) {
    const bool is_first_time = user->Some(40) == 40 || user->Some(9) > 8;
    const int network = day % 30 < 3 ? 10 + day * 3 + i % 3 : i % 2;
    (void)user->Send({is_first_time ? user->Stranger() : user->Known(80)},
                     Network(network));
  }
  if (day % 90 == 60) {
    std::vector<std::string> club;
    for (int i = 0; i < 120; ++i) club.push_back(user->Stranger());
    (void)user->Send(club, Network(0));
    user->Refused(3);
  }
}

// Letters by day, the newsletter to 2,000 customers each month, 30 of them new
// and 20 gone.
void Office(Mailbox* user, int day) {
  const int letters = 10 + user->Some(40);
  for (int i = 0; i < letters; ++i)
    (void)user->Send({user->Some(9) > 6 ? user->Stranger() : user->Known(300)},
                     Network(i % 3));
  if (day % 31 != 5) return;
  for (int i = 0; i < 2'000; ++i) {
    const std::string customer = "customer" + std::to_string(i + day) + "@c" +
                                 std::to_string(i + day) + ".example";
    (void)user->Send({customer}, Network(0));
  }
  user->Refused(20);
}

// Orders and invoices, most of them to new customers; one day of four times
// the usual; mistyped addresses.
void Shop(Mailbox* user, int day) {
  int orders = 30 + user->Some(60);
  if (day % 365 == 330) orders = 4 * 70;
  for (int i = 0; i < orders; ++i) {
    const std::string customer = user->Stranger();
    (void)user->Send({customer}, Network(0));
    (void)user->Send({customer}, Network(0));
  }
  user->Refused(orders / 40);
}

struct Kind {
  const char* name;
  Habit habit;
  int most_reached;  // by a thief, before he is stopped
};
const Kind kKinds[] = {
    {"person", Person, 200}, {"office", Office, 300}, {"shop", Shop, 700}};

TEST(HijackSimulation, AYearOfHonestMailRaisesNoAlarm) {
  for (const Kind& kind : kKinds) {
    int alarms = 0;
    int messages = 0;
    for (std::uint32_t seed = 1; seed <= 2; ++seed) {
      Mailbox user(seed);
      for (int day = 0; day < 365; ++day) {
        kind.habit(&user, day);
        user.Sleep();
      }
      alarms += user.alarms();
      messages += user.sent();
    }
    std::printf("%-7s 2 users, a year each: %d messages, %d alarms\n",
                kind.name, messages, alarms);
    EXPECT_EQ(alarms, 0) << kind.name;
  }
}

// What a thief sends, after so many honest days; how many recipients he
// reaches.
struct Theft {
  const char* name;
  int networks;         // that he comes from in turns
  int refused_percent;  // as far as we hear of it
};
const Theft kThefts[] = {
    {"one network, good list", 1, 0},
    {"one network, bought list", 1, 10},
    {"botnet, good list", 1'000, 0},
    {"botnet, bought list", 1'000, 10},
};

int ReachedByThief(const Kind& kind, const Theft& theft, int honest_days) {
  Mailbox user(static_cast<std::uint32_t>(honest_days));
  for (int day = 0; day < honest_days; ++day) {
    kind.habit(&user, day);
    user.Sleep();
  }
  kind.habit(&user, honest_days);  // the owner works that day as well
  int reached = 0;
  while (reached < 100'000) {
    const std::string network = Network(5'000 + reached % theft.networks);
    if (!user.Send({user.Stranger()}, network)) break;
    ++reached;
    if (theft.refused_percent > 0 &&
        reached % (100 / theft.refused_percent) == 0)
      user.Refused(1);
  }
  return reached;
}

TEST(HijackSimulation, AThiefIsStoppedSoon) {
  for (const Kind& kind : kKinds) {
    for (const Theft& theft : kThefts) {
      int worst = 0;
      for (const int honest_days : {40, 98, 191})
        worst = std::max(worst, ReachedByThief(kind, theft, honest_days));
      std::printf("%-7s %-26s stopped after %d at the latest\n", kind.name,
                  theft.name, worst);
      EXPECT_LE(worst, kind.most_reached) << kind.name << theft.name;
    }
  }
}

TEST(HijackSimulation, ANewLoginThatSpamsIsStoppedByItsRefusals) {
  Mailbox user(1);
  int reached = 0;
  while (reached < 10'000 && user.Send({user.Stranger()}, Network(0))) {
    ++reached;
    if (reached % 10 == 0) user.Refused(1);
  }
  EXPECT_EQ(reached, 199);
}

TEST(HijackAlarm, SaysWhyInNumbers) {
  Mailbox user(1);
  for (int day = 0; day < 25; ++day) {
    (void)user.Send({user.Known(0)}, Network(0));
    user.Sleep();
  }
  while (user.Send({user.Stranger()}, Network(user.sent()))) {
  }
  EXPECT_EQ(user.verdict().reason,
            "50 new recipients today, 0 on a busy day before; mail from 49 "
            "new networks today");
}

TEST(HijackAlarm, OneSignAloneIsNone) {
  Mailbox user(1);
  for (int day = 0; day < 25; ++day) user.Sleep();
  user.Refused(1'000);
  EXPECT_FALSE(JudgeLogin(kLogin, {}, user.clock(), user.history()).is_alarmed);
}

TEST(HijackAlarm, NewNamesAreASign) {
  History::Habits habits;
  habits.numbers.first_day = 1;
  habits.numbers.day = 100;
  habits.numbers.today.new_froms = 9;
  EXPECT_TRUE(HijackSigns(habits, {}).empty());
  habits.numbers.today.new_froms = 10;
  EXPECT_EQ(HijackSigns(habits, {}),
            std::vector<std::string>{"mail in 10 new names (From) today"});
  habits.numbers.day = 10;
  EXPECT_TRUE(HijackSigns(habits, {}).empty());
}

TEST(HijackAlarm, SeesWhatIsUnderWay) {
  Mailbox user(1);
  for (int day = 0; day < 25; ++day) {
    (void)user.Send({user.Known(20)}, Network(0));
    user.Sleep();
  }
  // Many connections at once, before any of them has ended.
  std::vector<std::shared_ptr<HistoryVisit>> visits;
  for (int i = 0; i < 20; ++i) {
    visits.push_back(user.history()->Begin(kLogin));
    for (int k = 0; k < 10; ++k) (void)visits.back()->Add(user.Stranger());
  }
  EXPECT_TRUE(JudgeLogin(kLogin, {}, user.clock(), user.history()).is_new);
}

TEST(HijackAlarm, ConcernsOneLogin) {
  Mailbox user(1);
  user.history()->RaiseAlarm(kLogin, kStart + hours(1), "why");
  EXPECT_TRUE(JudgeLogin(kLogin, {}, user.clock(), user.history()).is_alarmed);
  EXPECT_FALSE(
      JudgeLogin("login=bob", {}, user.clock(), user.history()).is_alarmed);
}

TEST(HijackAlarm, EndsWithItsTimeAndIsNotRaisedAgainByTheSameMail) {
  Mailbox user(1);
  while (user.Send({user.Stranger()}, Network(0))) {
    if (user.sent() % 10 == 0) user.Refused(1);
  }
  ASSERT_EQ(user.alarms(), 1);
  user.clock().Advance(hours(24) - minutes(1));
  EXPECT_FALSE(user.Send({user.Stranger()}, Network(0)));
  user.clock().Advance(minutes(1));
  EXPECT_TRUE(user.Send({user.Stranger()}, Network(0)));
  EXPECT_EQ(user.alarms(), 1);
}

TEST(HijackAlarm, TheOperatorEndsIt) {
  Mailbox user(1);
  while (user.Send({user.Stranger()}, Network(0))) {
    if (user.sent() % 10 == 0) user.Refused(1);
  }
  EXPECT_TRUE(user.history()->EndAlarm(kLogin));
  EXPECT_TRUE(user.Send({user.Stranger()}, Network(0)));
}

}  // namespace
}  // namespace postern

----------------------------- MODULE Tallystick -----------------------------
(***************************************************************************)
(* Ordering, checkpoints and view changes of Tallystick, as docs/protocol.md *)
(* has them.  Each action bears the tags of the rules that it keeps.         *)
(*                                                                         *)
(* What is left out: clients and the bodies of batches (a batch is a value), *)
(* timers (anybody's may end at any moment), state transfer (whoever learns  *)
(* of a stable checkpoint has its state), sessions and signatures (nobody    *)
(* signs for a correct replica; the network keeps, repeats, delays and drops *)
(* what was sent, so a message is an element of a set that only grows, and   *)
(* receiving it is acting on it).                                           *)
(*                                                                         *)
(* Liars send anything that can be signed with their keys, to anybody, at    *)
(* any time.  So their messages need not be remembered: wherever a set of    *)
(* signers is counted, they count; where one is primary, it has proposed     *)
(* whatever is needed, other things to others; and its view-change shows     *)
(* any certificates that exist, or none.                                    *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  N,          \* how many replicas; they are 0 .. N-1
  Liars,      \* those that lie, at most F
  Values,     \* what can be proposed
  Null,       \* the batch that a new-view puts where nothing was prepared
  None,       \* no batch, or nothing else
  LastSlot,   \* sequence numbers are 1 .. LastSlot
  LastView,   \* views are 0 .. LastView
  Interval,   \* a checkpoint after each so many sequence numbers; 0: none
  Crashes,    \* how many crashes may happen
  Staged,     \* whether a vote is written first and synced later, so that a crash can lose it
  Broken      \* which rule is broken on purpose; "nothing" in the protocol itself

Replicas == 0 .. N - 1
Correct == Replicas \ Liars
Slots == 1 .. LastSlot
Views == 0 .. LastView
F == (N - 1) \div 3
\* R4.1: q = ceiling((n + f + 1) / 2), never a bare 2f+1
Quorum == (N + F + 2) \div 2
Primary(v) == v % N
Max(S) == CHOOSE x \in S : \A y \in S : x >= y
Min(S) == CHOOSE x \in S : \A y \in S : x <= y

ASSUME Cardinality(Liars) <= F

VARIABLES
  view,     \* each correct replica's view: the highest that it asked for or entered
  live,     \* whether it takes part in that view: FALSE from its view-change to the new-view
  said,     \* the votes that left it: prepares (a primary's pre-prepare is its prepare) and commits
  wrote,    \* the votes that are in its journal, and not synced yet
  gone,     \* the votes that left it and that a crash took from its journal
  vcs,      \* its view-change for each view: stable checkpoint, and certificates by slot
  nvs,      \* the new-view by which it entered each view
  low,      \* its stable checkpoint
  muted,    \* the views in which it proposes nothing more, since it restarted in them
  crashes   \* how many crashes there were

vars == <<view, live, said, wrote, gone, vcs, nvs, low, muted, crashes>>

Vote(kind, v, s, d) == <<kind, v, s, d>>
Known(r) == (said[r] \ gone[r]) \cup wrote[r]
HasVoted(r, kind, v, s) == \E x \in Known(r) : x[1] = kind /\ x[2] = v /\ x[3] = s
NoCertificate == <<0, None>>

-----------------------------------------------------------------------------
(* Certificates: what can be put together from all that was said. *)

Signers(kind, v, s, d) ==
  {r \in Replicas : r \in Liars \/ Vote(kind, v, s, d) \in said[r]}

\* R6.1: only the primary of the view proposes
PrePrepared(v, s, d) ==
  IF Primary(v) \in Liars THEN TRUE ELSE Vote("prepare", v, s, d) \in said[Primary(v)]

\* R4.1, R4.2, R4.3, R4.4: the pre-prepare, and matching prepares of q-1 others
Prepared(v, s, d) ==
  /\ PrePrepared(v, s, d)
  /\ Cardinality(Signers("prepare", v, s, d) \ {Primary(v)}) >= Quorum - 1

\* R4.1, R4.2, R4.3
Committed(v, s, d) == Cardinality(Signers("commit", v, s, d)) >= Quorum

Batches == Values \cup {Null}
Decided(s) == {d \in Batches : \E v \in Views : Committed(v, s, d)}
Executed(s) == \A t \in 1 .. s : Decided(t) # {}

\* R7.1, R7.2: whoever has executed so far votes on the checkpoint, and a quorum makes it stable
IsCheckpoint(s) == Interval > 0 /\ s % Interval = 0
Stable(s) == s = 0 \/ (IsCheckpoint(s) /\ Executed(s))

-----------------------------------------------------------------------------
(* The normal case. *)

\* R6.6, R6.7, R10.1: a vote leaves when it is on disk. Steps are one where nothing can come between.
Cast(r, vote) ==
  IF Staged
  THEN /\ wrote' = [wrote EXCEPT ![r] = @ \cup {vote}]
       /\ said' = IF Broken = "unsynced-vote"
                  THEN [said EXCEPT ![r] = @ \cup {vote}]
                  ELSE said
  ELSE /\ said' = [said EXCEPT ![r] = @ \cup {vote}]
       /\ UNCHANGED wrote

\* Until a primary's view has a new-view, all slots are open; then those that it doesn't fill
Open(r, s) == IF view[r] = 0 THEN TRUE ELSE nvs[r][view[r]].batch[s] = None

\* R6.1, R6.2, R6.3; R8.13: a pre-prepare may leave before its sync, because a primary that restarts
\* proposes nothing more in its view
Propose(r, s, d) ==
  LET v == view[r] IN
  /\ live[r] /\ Primary(v) = r /\ Open(r, s) /\ s > low[r]
  /\ v \notin muted[r]
  /\ ~HasVoted(r, "prepare", v, s)
  /\ \A t \in 1 .. s - 1 : t <= low[r] \/ HasVoted(r, "prepare", v, t)
  /\ said' = [said EXCEPT ![r] = @ \cup {Vote("prepare", v, s, d)}]
  /\ wrote' = IF Staged THEN [wrote EXCEPT ![r] = @ \cup {Vote("prepare", v, s, d)}] ELSE wrote
  /\ UNCHANGED <<view, live, gone, vcs, nvs, low, muted, crashes>>

\* R6.2, R6.3, R6.4, R6.9; R8.10: what a new-view proposes is voted on by all, decided or not
CanPrepare(r, v, s, d) ==
  /\ Primary(v) # r /\ s > low[r]
  /\ ~HasVoted(r, "prepare", v, s)
  /\ IF v > 0 /\ nvs[r][v].batch[s] # None
     THEN d = nvs[r][v].batch[s]
     ELSE d \in Values /\ PrePrepared(v, s, d)

Prepare(r, s, d) ==
  /\ live[r] /\ CanPrepare(r, view[r], s, d)
  /\ Cast(r, Vote("prepare", view[r], s, d))
  /\ UNCHANGED <<view, live, gone, vcs, nvs, low, muted, crashes>>

\* R6.7: prepared here, and not yet committed to
CanCommit(r, v, s, d) ==
  /\ s > low[r]
  /\ Vote("prepare", v, s, d) \in Known(r) /\ Prepared(v, s, d)
  /\ ~HasVoted(r, "commit", v, s)

Commit(r, v, s, d) ==
  /\ IF Broken = "votes-in-a-view-it-left"
     THEN v <= view[r] /\ (IF v = 0 THEN TRUE ELSE nvs[r][v] # None)
     ELSE live[r] /\ v = view[r]
  /\ CanCommit(r, v, s, d)
  /\ Cast(r, Vote("commit", v, s, d))
  /\ UNCHANGED <<view, live, gone, vcs, nvs, low, muted, crashes>>

\* R7.2, R7.4: the low watermark moves, and what is below counts for nothing more
Stabilize(r, s) ==
  /\ s > low[r] /\ Stable(s)
  /\ low' = [low EXCEPT ![r] = s]
  /\ UNCHANGED <<view, live, said, wrote, gone, vcs, nvs, muted, crashes>>

-----------------------------------------------------------------------------
(* The view change. *)

\* The certificate of the highest view below w that r has for s: it has one where it committed
Shown(r, s, w) ==
  LET mine == {x \in Known(r) : x[1] = "commit" /\ x[3] = s /\ x[2] < w} IN
  IF mine = {} \/ s <= low[r] THEN NoCertificate
  ELSE LET best == CHOOSE x \in mine : \A y \in mine : x[2] >= y[2] IN <<best[2] + 1, best[4]>>

AskedFor(r, w) == r \in Liars \/ vcs[r][w] # None
AskedForAtLeast(w) == {r \in Replicas : r \in Liars \/ \E x \in w .. LastView : vcs[r][x] # None}

\* R8.4: on from a view that didn't come only when a quorum asked for it or for a later one;
\* R8.5: f+1 that ask for later views make a replica join the smallest of those
MayAskFor(r, w) ==
  IF w = view[r] + 1
  THEN IF live[r] THEN TRUE ELSE Cardinality(AskedForAtLeast(view[r])) >= Quorum
  ELSE /\ Cardinality(AskedForAtLeast(view[r] + 1)) > F
       /\ \E x \in Correct : vcs[x][w] # None
       /\ \A x \in Correct, y \in view[r] + 1 .. w - 1 : vcs[x][y] = None

\* R8.1: from here on no part in earlier views; R8.2: stable checkpoint, and for each later slot the
\* prepared certificate of the highest view; R8.3, R10.1, R10.3: on disk with all before it
ViewChange(r, w) ==
  /\ MayAskFor(r, w)
  /\ view' = [view EXCEPT ![r] = w]
  /\ live' = [live EXCEPT ![r] = FALSE]
  /\ said' = [said EXCEPT ![r] = @ \cup wrote[r]]
  /\ wrote' = [wrote EXCEPT ![r] = {}]
  /\ vcs' = [vcs EXCEPT ![r][w] = [low |-> low[r], shown |-> [s \in Slots |-> Shown(r, s, w)]]]
  /\ UNCHANGED <<gone, nvs, low, muted, crashes>>

\* Certificates that a liar can show in a view-change for w: their view, counted from 1, and batch
Showable(s, w) ==
  {NoCertificate} \cup
  {<<v + 1, d>> : <<v, d>> \in {x \in (0 .. w - 1) \X Batches : Prepared(x[1], s, x[2])}}

\* R8.8: of the certificates shown for a slot, the one of the highest view
Chosen(certificates) ==
  LET real == certificates \ {NoCertificate} IN
  IF real = {} THEN {None}
  ELSE LET views == {c[1] : c \in real}
           of == IF Broken = "lowest-view" THEN Min(views) ELSE Max(views)
       IN {c[2] : c \in {x \in real : x[1] = of}}

\* R8.8: what follows from a quorum of view-changes: those of the correct replicas in C, and
\* of a liar that shows the certificates in lie. Null batches fill the gaps; what is above the
\* last certificate is open.
Follows(C, w, start, lie) ==
  LET picks == [s \in Slots |->
        IF s <= start THEN {None} ELSE Chosen({vcs[r][w].shown[s] : r \in C} \cup {lie[s]})]
      last == Max({start} \cup {s \in Slots : picks[s] # {None}})
      full == [s \in Slots |-> IF s > start /\ s < last /\ picks[s] = {None} THEN {Null} ELSE picks[s]]
  IN {[start |-> start, batch |-> b] :
        b \in {x \in [Slots -> Batches \cup {None}] : \A s \in Slots : x[s] \in full[s]}}

\* R8.7: the new view starts from the highest stable checkpoint in the view-changes
Starts(C, w, liars) ==
  LET lows == {vcs[r][w].low : r \in C} IN
  IF Broken = "lowest-checkpoint" THEN {Min(lows)}
  ELSE IF liars = {} THEN {Max(lows)}
       ELSE {Max(lows \cup {s}) : s \in {x \in 0 .. LastSlot : Stable(x)}}

Honest == [s \in Slots |-> NoCertificate]

\* R8.7: all new-views that some quorum of view-changes for w justifies
Justified(w) ==
  IF Broken = "trusts-the-new-view"
  THEN {[start |-> 0, batch |-> b] : b \in [Slots -> Batches \cup {None}]}
  ELSE
  UNION {UNION {
      LET lies == IF L = {} THEN {Honest}
                  ELSE {x \in [Slots -> UNION {Showable(s, w) : s \in Slots}] :
                          \A s \in Slots : x[s] \in Showable(s, w)}
      IN UNION {UNION {Follows(C, w, start, lie) : start \in Starts(C, w, L)} : lie \in lies}
    : L \in {x \in SUBSET Liars : Cardinality(C) + Cardinality(x) >= Quorum}}
    : C \in SUBSET {r \in Correct : AskedFor(r, w)} \ {{}}}

Enter(r, w, nv) ==
  /\ view' = [view EXCEPT ![r] = w]
  /\ live' = [live EXCEPT ![r] = TRUE]
  /\ nvs' = [nvs EXCEPT ![r][w] = nv]
  /\ low' = [low EXCEPT ![r] = Max({@, nv.start})]

\* R8.7, R10.1: a correct primary says one new-view, once it is on disk; its pre-prepares are in it
NewView(r, nv) ==
  LET w == view[r] IN
  /\ w > 0 /\ ~live[r] /\ Primary(w) = r /\ nvs[r][w] = None
  /\ Enter(r, w, nv)
  /\ said' = [said EXCEPT ![r] = @ \cup wrote[r] \cup
       {Vote("prepare", w, s, nv.batch[s]) : s \in {x \in Slots : nv.batch[x] # None}}]
  /\ wrote' = [wrote EXCEPT ![r] = {}]
  /\ UNCHANGED <<gone, vcs, muted, crashes>>

\* R8.9: a backup computes again what follows, and accepts nothing else, and one new-view a view
FollowNewView(r, w, nv) ==
  /\ w > 0 /\ Primary(w) # r
  /\ w > view[r] \/ (w = view[r] /\ ~live[r])
  /\ nvs[r][w] = None
  /\ Enter(r, w, nv)
  /\ said' = [said EXCEPT ![r] = @ \cup wrote[r]]
  /\ wrote' = [wrote EXCEPT ![r] = {}]
  /\ UNCHANGED <<gone, vcs, muted, crashes>>

NewViews(w) ==
  IF Primary(w) \in Liars THEN Justified(w) ELSE {nvs[Primary(w)][w]} \ {None}

-----------------------------------------------------------------------------
(* The disk. *)

\* R10.1: after the sync all that was written may leave
Sync(r) ==
  /\ wrote[r] # {}
  /\ said' = [said EXCEPT ![r] = @ \cup wrote[r]]
  /\ wrote' = [wrote EXCEPT ![r] = {}]
  /\ UNCHANGED <<view, live, gone, vcs, nvs, low, muted, crashes>>

\* R10.2, R10.3: what is on disk is what the replica knows; view and stable checkpoint stay
Crash(r) ==
  /\ crashes < Crashes
  /\ crashes' = crashes + 1
  /\ gone' = [gone EXCEPT ![r] = @ \cup (wrote[r] \cap said[r])]
  /\ wrote' = [wrote EXCEPT ![r] = {}]
  /\ muted' = IF Broken = "proposes-after-a-restart" THEN muted
              ELSE [muted EXCEPT ![r] = @ \cup {view[r]}]
  /\ UNCHANGED <<view, live, said, vcs, nvs, low>>

-----------------------------------------------------------------------------
Init ==
  /\ view = [r \in Correct |-> 0]
  /\ live = [r \in Correct |-> TRUE]
  /\ said = [r \in Correct |-> {}]
  /\ wrote = [r \in Correct |-> {}]
  /\ gone = [r \in Correct |-> {}]
  /\ vcs = [r \in Correct |-> [w \in 1 .. LastView |-> None]]
  /\ nvs = [r \in Correct |-> [w \in 1 .. LastView |-> None]]
  /\ low = [r \in Correct |-> 0]
  /\ muted = [r \in Correct |-> {}]
  /\ crashes = 0

(* Steps that only make other steps possible, and that their replica has no choice about, are       *)
(* taken first, in a fixed order: a run in which they come later, or never, does nothing that a      *)
(* run with them can't do.  Such are: a prepare for what a correct primary proposed or a new-view    *)
(* filled in (what a view-change shows doesn't depend on prepares); entering a view that one waits   *)
(* for, from no higher checkpoint than one's own; a commit in the last view, which no view-change    *)
(* follows.  Not so where a crash may come between writing and syncing.                             *)
NoChoice(r, s) == IF Primary(view[r]) \in Liars THEN ~Open(r, s) ELSE TRUE

Ready(r) ==
  LET v == view[r] IN
  IF live[r]
  THEN \E s \in Slots, d \in Batches :
         \/ CanPrepare(r, v, s, d) /\ NoChoice(r, s)
         \/ v = LastView /\ CanCommit(r, v, s, d)
  ELSE Primary(v) \in Correct \ {r} /\ \E nv \in NewViews(v) : nv.start <= low[r]

MustStep(r) ==
  LET v == view[r] IN
  IF live[r]
  THEN \E s \in Slots, d \in Batches :
         \/ NoChoice(r, s) /\ Prepare(r, s, d)
         \/ v = LastView /\ Commit(r, v, s, d)
  ELSE \E nv \in NewViews(v) : nv.start <= low[r] /\ FollowNewView(r, v, nv)

Step(r) ==
  \/ \E s \in Slots, d \in Values : Propose(r, s, d)
  \/ \E s \in Slots, d \in Batches : Prepare(r, s, d)
  \/ \E v \in Views, s \in Slots, d \in Batches : Commit(r, v, s, d)
  \/ \E s \in Slots : Stabilize(r, s)
  \/ \E w \in view[r] + 1 .. LastView : ViewChange(r, w)
  \/ view[r] > 0 /\ Primary(view[r]) = r /\ ~live[r]
       /\ \E nv \in Justified(view[r]) : NewView(r, nv)
  \/ \E w \in view[r] .. LastView : w > 0 /\ \E nv \in NewViews(w) : FollowNewView(r, w, nv)
  \/ Staged /\ (Sync(r) \/ Crash(r))

Next ==
  LET ready == IF Staged THEN {} ELSE {r \in Correct : Ready(r)} IN
  IF ready # {} THEN MustStep(Min(ready)) ELSE \E r \in Correct : Step(r)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What must always hold (design 3). *)

\* agreement: no two batches are committed at one sequence number
Agreement == \A s \in Slots : Cardinality(Decided(s)) <= 1

\* ledger-prefix: a stable checkpoint stands on a ledger without gaps, and a new view starts from one
NoFork ==
  \A r \in Correct : /\ Stable(low[r])
                     /\ \A w \in 1 .. LastView : nvs[r][w] # None => Stable(nvs[r][w].start)

\* What was decided at a sequence number stays there in all later views: none is moved or nulled
NoReorder ==
  \A r \in Correct, w \in 1 .. LastView : nvs[r][w] # None =>
    \A s \in nvs[r][w].start + 1 .. LastSlot, v \in 0 .. w - 1, d \in Batches :
      Committed(v, s, d) => nvs[r][w].batch[s] = d

\* no-equivocation: one batch for one (phase, view, sequence number), crashes included
NoEquivocation ==
  \A r \in Correct : \A x, y \in said[r] : (x[1] = y[1] /\ x[2] = y[2] /\ x[3] = y[3]) => x = y

\* durable-before-vote: what left is on disk, but for pre-prepares, which R8.13 sees to
VotesAreDurable ==
  \A r \in Correct : \A x \in said[r] :
    x \notin wrote[r] \cup gone[r] \/ (x[1] = "prepare" /\ Primary(x[2]) = r)

Safe == Agreement /\ NoFork /\ NoReorder /\ NoEquivocation /\ VotesAreDurable

\* said-stays-said: no replica's view or stable checkpoint goes back, and no word is taken back
NothingGoesBack ==
  [][\A r \in Correct : view'[r] >= view[r] /\ low'[r] >= low[r] /\ said[r] \subseteq said'[r]]_vars

-----------------------------------------------------------------------------
(* What tells one state from another for all that can still happen: of views that every correct      *)
(* replica has left, only the certificates that exist, what is decided, and what each would show.    *)
Essence ==
  LET least == Min({view[r] : r \in Correct})
      old == 0 .. least - 1
  IN <<view, live, wrote, gone, low, crashes,
       [r \in Correct |-> {v \in muted[r] : v >= least}],
       [r \in Correct |-> {x \in said[r] : x[2] >= least}],
       [s \in Slots |-> Showable(s, least)],
       [s \in Slots |-> {d \in Batches : \E v \in old : Committed(v, s, d)}],
       [r \in Correct |-> [s \in Slots |-> Shown(r, s, least)]],
       [r \in Correct |-> [w \in 1 .. LastView |-> IF w >= least THEN vcs[r][w] ELSE None]],
       [r \in Correct |-> [w \in 1 .. LastView |-> IF w >= least THEN nvs[r][w] ELSE None]]>>

Symmetry == Permutations(Values)
=============================================================================

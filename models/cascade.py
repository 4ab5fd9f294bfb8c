"""From post to prediction: who writes, and only then what is said.

The order is the privacy rule of Netra. A post whose author does not show to be a civil servant
leaves after the first step; the stance model never sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.acts import ActModel
from models.author.gate import AsnGate, Examination
from models.author.judge import NOT_ASN, AuthorJudge
from models.counter import find_counters
from models.explain import reasons
from models.labels import AsnLabel, Stance
from models.language import guess_language
from models.post import Post
from models.prediction import AsnJudgement, Prediction, StanceJudgement
from models.risk import RiskModel
from models.stance.judge import StanceModel
from models.targets import Gazetteer


@dataclass(frozen=True, slots=True)
class Cascade:
    """Gate, author model, stance model, acts, targets and reasons of one artifact."""

    model_version: str
    gate: AsnGate
    author: AuthorJudge
    stance: StanceModel
    acts: ActModel
    risk: RiskModel
    gazetteer: Gazetteer

    def predict(
        self, posts: Sequence[Post], *, gate: bool = True, explain: bool = True
    ) -> list[Prediction]:
        """Return one prediction per post, in the same order.

        Without `explain` flagged posts get no reasons, which cost some thirty readings each: for
        measuring. With `gate=False` (evaluation of data without authors) stance, acts and targets
        are computed for every post, no author is judged and nothing is ever flagged.
        """
        if not gate:
            return self._predict_ungated(posts)
        examinations = [self.gate.screen(post) for post in posts]
        judgements = self.author.judge(posts, examinations)
        predictions = [self._not_asn(p, j) for p, j in zip(posts, judgements, strict=True)]
        asked = [i for i, j in enumerate(judgements) if j.label is not AsnLabel.NONE]
        stances = self.stance.judge([posts[i] for i in asked]) if asked else []
        flagged: list[int] = []
        for position, stance in zip(asked, stances, strict=True):
            predictions[position] = self._asn(
                posts[position], judgements[position], stance, examinations[position]
            )
            if predictions[position].flag:
                flagged.append(position)
        acts = self.acts.acts([posts[i] for i in flagged])
        for position, told in zip(flagged, acts, strict=True):
            label = predictions[position].stance
            assert label is not None
            predictions[position] = replace(
                predictions[position],
                acts=told,
                reasons=reasons(posts[position], label.label, self.stance) if explain else (),
            )
        return predictions

    def _not_asn(self, post: Post, judgement: AsnJudgement) -> Prediction:
        return Prediction(
            id=post.id,
            flag=False,
            risk=None,
            asn=judgement,
            stance=None,
            acts=(),
            targets=(),
            reasons=(),
            counter=(),
            lang=guess_language(post.text or post.media_alt),
            model_version=self.model_version,
        )

    def _asn(
        self,
        post: Post,
        judgement: AsnJudgement,
        stance: StanceJudgement,
        examination: Examination | None,
    ) -> Prediction:
        partisan = stance.label is not Stance.NONE
        p_partisan = stance.scores[Stance.SUPPORT] + stance.scores[Stance.OPPOSE]
        return replace(
            self._not_asn(post, judgement),
            flag=partisan,
            risk=self.risk.risk(judgement.score, p_partisan),
            stance=stance,
            targets=self.gazetteer.targets(post, self.stance.entities) if partisan else (),
            counter=find_counters(post, examination),
        )

    def _predict_ungated(self, posts: Sequence[Post]) -> list[Prediction]:
        stances = self.stance.judge(posts) if posts else []
        partisan = [i for i, s in enumerate(stances) if s.label is not Stance.NONE]
        acts = dict(zip(partisan, self.acts.acts([posts[i] for i in partisan]), strict=True))
        return [
            replace(
                self._not_asn(post, NOT_ASN),
                stance=stance,
                acts=acts.get(position, ()),
                targets=self.gazetteer.targets(post, self.stance.entities)
                if position in acts
                else (),
                gate="off",
            )
            for position, (post, stance) in enumerate(zip(posts, stances, strict=True))
        ]

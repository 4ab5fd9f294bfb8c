"""The encoder of an artifact: fine-tuned, exported, and joined with the word-count readings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.author.gate import AsnGate
from models.encoder.part import EncoderPart
from models.encoder.reader import EncoderReader
from models.encoder.rendering import render
from models.encoder.stack import Stack
from models.labels import Act
from models.stance.judge import STANCES, StanceModel
from models.stance.stemming import root_words
from training.dataset import Example
from training.encoder.backbone import load_backbone
from training.encoder.export_onnx import quantised_model
from training.encoder.finetune import Finetuning
from training.encoder.items import items_of, talk_items
from training.encoder.network import network_from
from training.encoder.plan import FinetunePlan
from training.encoder.vocabulary import cut_vocabulary, share_unknown
from training.fit import Fitted, FittedEncoder, finish_with_encoder
from training.speakers import join_speakers, speakers
from training.splits import hold_out
from training.stacking import fit_stack

VOCABULARY_SIZE = 24_000
# Every twelfth real post is held out: for early stopping, and to join the two readings.
HELD_PARTS = 12
ACTS_WEIGHT = 0.5
# Leaves the word counts' probability as it is, until both readings are joined.
_UNREAD = Stack(0.0, 1.0, (0.0, 0.0))
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """Where the starting weights come from, where checkpoints lie, and the hyperparameters."""

    backbone: str | None
    work: Path
    plan: FinetunePlan = FinetunePlan()


def fit_encoder(
    fitted: Fitted,
    train: Sequence[Example],
    dev: Sequence[Example],
    extra: Sequence[Example],
    options: EncoderOptions,
    progress: Progress,
) -> Fitted:
    """Return `fitted` with an encoder trained on the same posts.

    `extra` are real posts, of which a part is held out here; `fitted` must not have seen that
    part (`kept_of_extra`). Thresholds, risk and the joining of the two readings are fitted on
    `dev` and the held-out part, with the int8 graph that is shipped. Raises BackboneUnavailable.
    """
    acts = tuple(Act(name) for name in fitted.acts.classes)
    kept, held = hold_out(extra, HELD_PARTS)
    progress("membaca bobot awal")
    backbone = load_backbone(options.backbone)
    texts = [render(e.post, fitted.entities) for e in train]
    vocabulary = cut_vocabulary(backbone, texts, root_words(), VOCABULARY_SIZE)
    # Coverage is told of posts the vocabulary was not made from, where there are any.
    shown = [render(e.post, fitted.entities) for e in (held or dev)]
    network = network_from(backbone, vocabulary.embeddings, len(acts), options.plan.seed)
    run = Finetuning(network, vocabulary.tokenizer, options.plan, options.work, progress)
    gate = AsnGate()
    told = speakers(train, dev, gate)
    run.run(
        [
            *items_of([*train, *kept], fitted.entities, acts, told.answers),
            *talk_items(told.about, fitted.entities),
        ],
        items_of([*dev, *held], fitted.entities, acts),
    )
    progress("mengekspor")
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    graph = quantised_model(weights, network.shape)
    tokenizer = vocabulary.tokenizer.to_str().encode()
    reader = EncoderReader(graph, tokenizer)
    progress("menyatukan kedua pembacaan")
    part = _joined(fitted, reader, acts, dev, held)
    author, post_only = join_speakers(part, fitted.author, gate, told, extra)
    part = replace(part, author=author)
    fitted = replace(fitted, thresholds=replace(fitted.thresholds, asn_post_only=post_only))
    facts = {
        "epochs": run.history,
        "seconds": round(run.seconds),
        "earlier_seconds": round(run.earlier_seconds),
        "pieces": vocabulary.tokenizer.get_vocab_size(),
        "unknown_share": round(share_unknown(vocabulary.tokenizer, shown), 5),
    }
    encoder = FittedEncoder(graph, tokenizer, part, facts, backbone.source)
    return finish_with_encoder(replace(fitted, encoder=encoder), dev)


def kept_of_extra(extra: Sequence[Example]) -> list[Example]:
    """Return the real posts that are trained on; the others are held out by hash of their id."""
    return hold_out(extra, HELD_PARTS)[0]


def _joined(
    fitted: Fitted,
    reader: EncoderReader,
    acts: tuple[Act, ...],
    dev: Sequence[Example],
    held: Sequence[Example],
) -> EncoderPart:
    examples = [*dev, *held]
    posts = [e.post for e in examples]
    words = StanceModel(fitted.stance, fitted.entities, 0.5, fitted.stemmed).word_scores(posts)
    # Real posts without authors together weigh as much as half of the written ones.
    real = 0.5 * len(dev) / len(held) if held else 0.0
    stance = fit_stack(
        reader.stance_logits([render(post, fitted.entities) for post in posts]),
        words,
        [STANCES.index(e.gold.stance) for e in examples],
        [real * e.weight if e.real else 1.0 for e in examples],
    )
    return EncoderPart(reader, fitted.entities, stance, _UNREAD, acts, ACTS_WEIGHT)

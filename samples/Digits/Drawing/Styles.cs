using static Digits.Stroke;

namespace Digits;

/// <summary>The ways in which each digit is written: strokes through control points.</summary>
internal static class Styles
{
    /// <summary>By digit, then by style.</summary>
    public static IReadOnlyList<Stroke[][]> All { get; } =
    [
        [   // 0: an oval, a narrow one, one that doesn't close
            [Curve((.50f, .05f), (.20f, .25f), (.15f, .50f), (.22f, .80f), (.50f, .95f), (.78f, .80f), (.85f, .50f), (.80f, .22f), (.50f, .05f))],
            [Curve((.55f, .05f), (.33f, .25f), (.28f, .55f), (.35f, .85f), (.50f, .95f), (.66f, .80f), (.72f, .45f), (.67f, .18f), (.55f, .05f))],
            [Curve((.60f, .08f), (.30f, .15f), (.14f, .45f), (.20f, .80f), (.50f, .95f), (.80f, .78f), (.84f, .40f), (.66f, .12f), (.42f, .04f))],
        ],
        [   // 1: a bar, one with a flag, one with a flag and a foot
            [Line((.50f, .05f), (.50f, .50f), (.50f, .95f))],
            [Line((.33f, .25f), (.54f, .05f), (.53f, .50f), (.52f, .95f))],
            [Line((.34f, .22f), (.52f, .05f), (.52f, .95f)), Line((.30f, .95f), (.74f, .95f))],
        ],
        [   // 2: a swan, one with a loop at the foot, an angular one
            [Curve((.18f, .25f), (.35f, .06f), (.68f, .08f), (.78f, .30f), (.60f, .55f), (.35f, .78f), (.16f, .94f)), Line((.16f, .94f), (.85f, .93f))],
            [Curve((.20f, .22f), (.45f, .05f), (.75f, .18f), (.68f, .48f), (.42f, .78f), (.22f, .92f), (.15f, .80f), (.32f, .76f), (.58f, .92f), (.86f, .86f))],
            [Line((.18f, .12f), (.75f, .08f), (.76f, .42f), (.20f, .92f), (.84f, .94f))],
        ],
        [   // 3: two bows, one with a flat top, one whose bows meet in a point
            [Curve((.20f, .14f), (.50f, .04f), (.76f, .20f), (.66f, .42f), (.42f, .48f), (.70f, .54f), (.82f, .74f), (.60f, .94f), (.18f, .86f))],
            [Line((.20f, .08f), (.76f, .07f), (.46f, .40f)), Curve((.46f, .40f), (.74f, .46f), (.82f, .70f), (.62f, .92f), (.20f, .90f))],
            [Curve((.22f, .10f), (.58f, .04f), (.74f, .24f), (.44f, .46f)), Curve((.44f, .46f), (.78f, .56f), (.74f, .86f), (.44f, .95f), (.18f, .82f))],
        ],
        [   // 4: open, closed, one whose bar ends at the stem
            [Line((.30f, .08f), (.18f, .58f), (.84f, .56f)), Line((.68f, .22f), (.66f, .95f))],
            [Line((.62f, .95f), (.62f, .05f), (.14f, .64f), (.88f, .64f))],
            [Curve((.24f, .06f), (.18f, .30f), (.24f, .50f), (.46f, .54f), (.70f, .46f)), Line((.74f, .08f), (.70f, .46f), (.66f, .95f))],
        ],
        [   // 5: a cap and a bow, one in a single line, an angular one
            [Line((.78f, .07f), (.30f, .08f), (.25f, .44f)), Curve((.25f, .44f), (.52f, .36f), (.80f, .54f), (.76f, .82f), (.48f, .95f), (.16f, .86f))],
            [Curve((.80f, .10f), (.50f, .08f), (.30f, .12f), (.26f, .42f), (.55f, .42f), (.76f, .62f), (.66f, .90f), (.34f, .94f), (.16f, .80f))],
            [Line((.76f, .06f), (.24f, .08f), (.22f, .46f), (.70f, .46f), (.78f, .70f), (.66f, .92f), (.18f, .92f))],
        ],
        [   // 6: a bow with a loop, a straight one, a wide one
            [Curve((.70f, .06f), (.38f, .22f), (.20f, .58f), (.26f, .86f), (.52f, .95f), (.76f, .80f), (.70f, .58f), (.46f, .52f), (.24f, .68f))],
            [Line((.58f, .04f), (.34f, .40f), (.24f, .66f)), Curve((.24f, .66f), (.28f, .90f), (.54f, .94f), (.72f, .76f), (.60f, .56f), (.36f, .56f), (.24f, .66f))],
            [Curve((.80f, .12f), (.50f, .06f), (.24f, .28f), (.16f, .62f), (.32f, .92f), (.66f, .92f), (.80f, .70f), (.60f, .52f), (.22f, .64f))],
        ],
        [   // 7: plain, with a bar, with a bow
            [Line((.16f, .08f), (.82f, .08f), (.60f, .50f), (.42f, .95f))],
            [Line((.16f, .10f), (.82f, .08f), (.40f, .95f)), Line((.36f, .50f), (.78f, .50f))],
            [Curve((.16f, .24f), (.22f, .08f), (.50f, .12f), (.82f, .06f)), Curve((.82f, .06f), (.62f, .42f), (.50f, .68f), (.46f, .95f))],
        ],
        [   // 8: two loops, one in a single crossing line, a small head
            [
                Curve((.50f, .48f), (.26f, .32f), (.34f, .08f), (.52f, .05f), (.72f, .12f), (.72f, .34f), (.50f, .48f)),
                Curve((.50f, .48f), (.20f, .64f), (.24f, .90f), (.50f, .95f), (.78f, .88f), (.78f, .62f), (.50f, .48f)),
            ],
            [Curve((.74f, .14f), (.48f, .04f), (.26f, .20f), (.46f, .44f), (.74f, .66f), (.66f, .92f), (.38f, .94f), (.22f, .74f), (.50f, .48f), (.74f, .28f), (.74f, .14f))],
            [
                Curve((.50f, .40f), (.36f, .30f), (.38f, .10f), (.52f, .05f), (.66f, .12f), (.64f, .30f), (.50f, .40f)),
                Curve((.50f, .40f), (.18f, .58f), (.18f, .86f), (.50f, .95f), (.82f, .84f), (.82f, .58f), (.50f, .40f)),
            ],
        ],
        [   // 9: a loop with a stem, with a hook, with a bow
            [Curve((.74f, .26f), (.56f, .06f), (.28f, .16f), (.26f, .42f), (.50f, .52f), (.74f, .26f)), Line((.74f, .26f), (.70f, .60f), (.66f, .95f))],
            [Curve((.76f, .30f), (.60f, .06f), (.30f, .12f), (.24f, .38f), (.48f, .50f), (.76f, .30f)), Curve((.76f, .30f), (.78f, .62f), (.66f, .88f), (.42f, .95f), (.24f, .84f))],
            [Curve((.72f, .16f), (.44f, .05f), (.24f, .24f), (.32f, .46f), (.56f, .46f), (.74f, .20f)), Curve((.74f, .20f), (.72f, .48f), (.60f, .76f), (.44f, .95f))],
        ],
    ];
}

namespace MlComponents;

/// <summary>From the state-dict names of the authors' code of TMO (suhwan-cho/TMO, <c>tmo.py</c>) to those of <see cref="Tmo"/>, with ResNet-101.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>theirs</term><description>ours</description></listheader>
/// <item><term><c>vos.app_encoder.</c></term><description><c>appearance.</c></description></item>
/// <item><term><c>vos.mo_encoder.</c></term><description><c>motion.</c></description></item>
/// <item><term><c>vos.decoder.conv1</c> to <c>conv4</c></term><description><c>decoder.fuse4</c> to <c>fuse1</c></description></item>
/// <item><term><c>vos.decoder.blend1</c> to <c>blend4</c></term><description><c>decoder.blend4</c> to <c>blend1</c></description></item>
/// <item><term><c>vos.decoder.cbam1</c> to <c>cbam4</c></term><description><c>decoder.attention4</c> to <c>attention1</c></description></item>
/// <item><term>in these <c>conv1.conv</c></term><description><c>conv</c></description></item>
/// <item><term><c>conv2.0.conv</c>, <c>conv2.1.conv</c></term><description><c>channel.0</c>, <c>channel.2</c></description></item>
/// <item><term><c>conv3.0.conv</c>, <c>conv3.1.conv</c></term><description><c>spatial.0</c>, <c>spatial.2</c></description></item>
/// <item><term><c>vos.decoder.predictor.conv</c></term><description><c>decoder.predict</c></description></item>
/// </list>
/// Their encoders also save the means and deviations of ImageNet's colours, <c>mean</c> and <c>std</c>, which are constants here: load with
/// <c>Strict = false</c>, and the report names these four as unexpected and nothing else. With MiT-b1 their encoder keeps keys and values apart, where ours
/// has one layer for both: there renaming isn't enough.
/// </remarks>
public static class TmoNames
{
    /// <summary>The rules, for <see cref="StateDictOptions.Renaming"/>.</summary>
    public static IReadOnlyList<RenamingRule> FromReference { get; } =
    [
        new RenamePrefix("vos.app_encoder.", "appearance."),
        new RenamePrefix("vos.mo_encoder.", "motion."),
        .. Enumerable.Range(1, 4).SelectMany(stage => new RenamingRule[]
        {
            new RenamePrefix($"vos.decoder.conv{stage}.", $"decoder.fuse{5 - stage}."),
            new RenamePrefix($"vos.decoder.blend{stage}.", $"decoder.blend{5 - stage}."),
            new RenamePrefix($"vos.decoder.cbam{stage}.", $"decoder.attention{5 - stage}."),
        }),
        new RenamePattern(@"^(decoder\.attention\d)\.conv1\.conv\.", "$1.conv."),
        new RenamePattern(@"^(decoder\.attention\d)\.conv2\.0\.conv\.", "$1.channel.0."),
        new RenamePattern(@"^(decoder\.attention\d)\.conv2\.1\.conv\.", "$1.channel.2."),
        new RenamePattern(@"^(decoder\.attention\d)\.conv3\.0\.conv\.", "$1.spatial.0."),
        new RenamePattern(@"^(decoder\.attention\d)\.conv3\.1\.conv\.", "$1.spatial.2."),
        new RenamePrefix("vos.decoder.predictor.conv.", "decoder.predict."),
    ];
}

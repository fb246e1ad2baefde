namespace MlComponents.ResumeProbe;

/// <summary>Scales the gradients of every third step by a sum over the steps before, so that a run that goes on without that sum ends with other weights.</summary>
internal sealed record Nudge : CallbackDefinition
{
    public override TrainingCallback Create() => new Callback();

    private sealed class Callback : TrainingCallback
    {
        private double sum;

        public override void OnBackwardEnd(BackwardEnd e)
        {
            sum += 1.0 / e.Step;
            if (e.Step % 3 != 0)
                return;
            using var mode = no_grad();
            using var scope = NewDisposeScope();
            foreach (var parameter in e.Run.Network.parameters())
                parameter.grad?.mul_(1 + sum / 10);
        }

        public override void SaveState(ComponentState state) => state.Set("sum", sum);

        public override void LoadState(ComponentState state) => sum = state.Get<double>("sum");
    }
}
